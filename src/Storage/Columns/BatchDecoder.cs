using System.Runtime.InteropServices;
using Clew.Model;

namespace Clew.Storage.Columns;

/// <summary>Puts a batch together from columns, and trusts none of them: whatever they contain, the batch is well formed or there is none.</summary>
/// <param name="stringCount">Codes of strings must be below this.</param>
internal sealed class BatchDecoder(ColumnSource source, int stringCount)
{
    public void TakeStrings(StringTable strings, int count, int byteCount)
    {
        var lengths = source.Scratch(count);
        source.Take(ColumnId.StringLengths, lengths);
        var ends = new int[count];
        var end = 0UL;
        for (var code = 0; code < count; code++)
        {
            end += Math.Min(lengths[code], int.MaxValue);
            if (end > (ulong)byteCount)
                source.Fail(ColumnId.StringLengths, $"strings of {byteCount} bytes together", $"{end} at string {code}");
            ends[code] = (int)end;
        }

        var bytes = new byte[byteCount];
        source.TakeBytes(ColumnId.StringBytes, bytes);
        if (!strings.TryLoad(bytes, ends))
            source.Fail(ColumnId.StringLengths, $"an empty string first, and {byteCount} bytes together", $"{end}");
    }

    /// <summary>Appends <paramref name="count"/> nested rows to those that are there.</summary>
    public void TakeNested(NestedColumns nested, int count)
    {
        if (count == 0)
            return;
        var first = nested.Count;
        TakeCodes(ColumnId.NestedKeys, nested.Keys, count, stringCount);
        TakeValues(ColumnId.NestedValues, nested.Values, count, first + count);
        for (var row = first; row < nested.Count; row++)
        {
            if (nested.Values[row] is { IsContainer: true } value && value.NestedStart <= row)
                source.Fail(ColumnId.NestedValues + ValueStream.ContainerStarts, $"a row after {row}", $"{value.NestedStart}");
        }
    }

    public void TakeResources(ResourceColumns resources, in BatchCounts counts)
    {
        if (counts.Resources == 0)
            return;
        TakeAttributes(ColumnId.ResourceAttributes, resources.Attributes, counts.Resources, counts.ResourceAttributes, counts.Nested);
        TakeNumbers(ColumnId.ResourceDroppedAttributes, resources.DroppedAttributeCounts, counts.Resources);
        TakeCodes(ColumnId.ResourceSchemaUrls, resources.SchemaUrls, counts.Resources, stringCount);
        var entities = resources.Entities;
        TakeEnds(ColumnId.EntityCounts, entities.Ends, counts.Resources, counts.Entities);
        if (counts.Entities == 0)
            return;
        TakeCodes(ColumnId.EntitySchemaUrls, entities.SchemaUrls, counts.Entities, stringCount);
        TakeCodes(ColumnId.EntityTypes, entities.Types, counts.Entities, stringCount);
        TakeEntityKeys(entities, counts.Entities, counts.EntityKeys);
        TakeCodes(ColumnId.EntityKeys, entities.Keys, counts.EntityKeys, stringCount);
    }

    public void TakeScopes(ScopeColumns scopes, in BatchCounts counts)
    {
        if (counts.Scopes == 0)
            return;
        TakeAttributes(ColumnId.ScopeAttributes, scopes.Attributes, counts.Scopes, counts.ScopeAttributes, counts.Nested);
        TakeCodes(ColumnId.ScopeResources, scopes.Resources, counts.Scopes, counts.Resources);
        TakeCodes(ColumnId.ScopeNames, scopes.Names, counts.Scopes, stringCount);
        TakeCodes(ColumnId.ScopeVersions, scopes.Versions, counts.Scopes, stringCount);
        TakeNumbers(ColumnId.ScopeDroppedAttributes, scopes.DroppedAttributeCounts, counts.Scopes);
        TakeCodes(ColumnId.ScopeSchemaUrls, scopes.SchemaUrls, counts.Scopes, stringCount);
    }

    /// <summary>Takes what <see cref="BatchEncoder.PutSpans"/> put, or the wanted part of it. Starts must be there already.</summary>
    public void TakeSpans(SpanBatch batch, in BatchCounts counts, int scopeCount, SpanParts wanted)
    {
        var spans = batch.Spans;
        if (counts.Spans == 0)
            return;
        if (wanted.HasFlag(SpanParts.Ends))
            TakeDurations(spans);
        if (wanted.HasFlag(SpanParts.Scopes))
            TakeCodes(ColumnId.Scopes, spans.Scopes, counts.Spans, scopeCount);
        if (wanted.HasFlag(SpanParts.Names))
            TakeCodes(ColumnId.Names, spans.Names, counts.Spans, stringCount);
        if (wanted.HasFlag(SpanParts.Rest))
            TakeRare(spans, counts.Spans);
        if (wanted.HasFlag(SpanParts.Kinds))
            TakeBytes(ColumnId.Kinds, MemoryMarshal.AsBytes(spans.Kinds.Append(counts.Spans)), (int)SpanKind.Consumer);
        if (wanted.HasFlag(SpanParts.Statuses))
            TakeBytes(ColumnId.Statuses, MemoryMarshal.AsBytes(spans.Statuses.Append(counts.Spans)), (int)StatusCode.Error);
        if (wanted.HasFlag(SpanParts.Attributes))
            TakeAttributes(ColumnId.SpanAttributes, spans.Attributes, counts.Spans, counts.SpanAttributes, batch.Nested.Count);
        if (wanted.HasFlag(SpanParts.Events))
            TakeEvents(batch, counts);
        if (wanted.HasFlag(SpanParts.Links))
            TakeLinks(batch, counts);
    }

    void TakeRare(SpanColumns spans, int count)
    {
        TakeCodes(ColumnId.TraceStates, spans.TraceStates, count, stringCount);
        TakeCodes(ColumnId.StatusMessages, spans.StatusMessages, count, stringCount);
        TakeNumbers(ColumnId.Flags, spans.Flags, count);
        TakeNumbers(ColumnId.DroppedAttributes, spans.DroppedAttributeCounts, count);
        TakeNumbers(ColumnId.DroppedEvents, spans.DroppedEventCounts, count);
        TakeNumbers(ColumnId.DroppedLinks, spans.DroppedLinkCounts, count);
    }

    void TakeDurations(SpanColumns spans)
    {
        var durations = source.Scratch(spans.Count);
        source.Take(ColumnId.Durations, durations);
        var starts = spans.Starts.Values;
        var ends = spans.Ends.Append(durations.Length);
        for (var row = 0; row < durations.Length; row++)
            ends[row] = new UnixNanos(unchecked(starts[row].Value + durations[row]));
    }

    void TakeEvents(SpanBatch batch, in BatchCounts counts)
    {
        var events = batch.Events;
        TakeEnds(ColumnId.EventCounts, events.Ends, counts.Spans, counts.Events);
        if (counts.Events == 0)
            return;
        var distances = source.Scratch(counts.Events);
        source.Take(ColumnId.EventTimes, distances);
        var times = events.Times.Append(counts.Events);
        var starts = batch.Spans.Starts.Values;
        for (var span = 0; span < starts.Length; span++)
        {
            var rows = events[span];
            for (var row = rows.Start; row < rows.End; row++)
                times[row] = new UnixNanos(unchecked(starts[span].Value + (ulong)ZigZag.Decode(distances[row])));
        }

        TakeCodes(ColumnId.EventNames, events.Names, counts.Events, stringCount);
        TakeNumbers(ColumnId.EventDroppedAttributes, events.DroppedAttributeCounts, counts.Events);
        TakeAttributes(ColumnId.EventAttributes, events.Attributes, counts.Events, counts.EventAttributes, batch.Nested.Count);
    }

    void TakeLinks(SpanBatch batch, in BatchCounts counts)
    {
        var links = batch.Links;
        TakeEnds(ColumnId.LinkCounts, links.Ends, counts.Spans, counts.Links);
        if (counts.Links == 0)
            return;
        source.TakeBytes(ColumnId.LinkTraceIds, MemoryMarshal.AsBytes(links.TraceIds.Append(counts.Links)));
        source.TakeBytes(ColumnId.LinkSpanIds, MemoryMarshal.AsBytes(links.SpanIds.Append(counts.Links)));
        TakeCodes(ColumnId.LinkTraceStates, links.TraceStates, counts.Links, stringCount);
        TakeNumbers(ColumnId.LinkFlags, links.Flags, counts.Links);
        TakeNumbers(ColumnId.LinkDroppedAttributes, links.DroppedAttributeCounts, counts.Links);
        TakeAttributes(ColumnId.LinkAttributes, links.Attributes, counts.Links, counts.LinkAttributes, batch.Nested.Count);
    }

    void TakeAttributes(ColumnId id, AttributeColumns attributes, int ownerCount, int count, int nestedCount)
    {
        TakeEnds(id + ValueStream.Counts, attributes.Ends, ownerCount, count);
        if (count == 0)
            return;
        TakeCodes(id + ValueStream.Keys, attributes.Keys, count, stringCount);
        TakeValues(id + ValueStream.AttributeValues, attributes.Values, count, nestedCount);
    }

    void TakeValues(ColumnId id, ValueColumns values, int count, int nestedCount)
    {
        var kinds = MemoryMarshal.AsBytes(values.Kinds.Append(count));
        TakeBytes(id + ValueStream.Kinds, kinds, (int)ValueKind.Bytes);
        Span<int> starts = stackalloc int[ValueStream.ClassCount + 1];
        BatchEncoder.CountClasses(kinds, starts);
        var dealt = source.Scratch(starts[^1] * 2);
        TakeClasses(id, dealt, starts, nestedCount);
        var bits = values.Bits.Append(count);
        var classOf = ValueStream.ClassOf;
        for (var row = 0; row < bits.Length; row++)
        {
            var at = classOf[kinds[row]];
            bits[row] = at < 0 ? 0 : (long)dealt[starts[at]++];
        }
    }

    void TakeClasses(ColumnId id, Span<ulong> dealt, ReadOnlySpan<int> starts, int nestedCount)
    {
        Span<ulong> texts = dealt[starts[0]..starts[1]], bools = dealt[starts[1]..starts[2]], ints = dealt[starts[2]..starts[3]];
        Take(id + ValueStream.Texts, texts);
        Take(id + ValueStream.Bools, bools);
        Take(id + ValueStream.Ints, ints);
        Take(id + ValueStream.Doubles, dealt[starts[3]..starts[4]]);
        if (texts.Length > 0 && NarrowColumn.Range(texts).Largest >= (ulong)stringCount)
            source.Fail(id + ValueStream.Texts, $"codes below {stringCount}", $"{NarrowColumn.Range(texts).Largest}");
        if (NarrowColumn.Range(bools).Largest > 1)
            source.Fail(id + ValueStream.Bools, "0 or 1", $"{NarrowColumn.Range(bools).Largest}");
        foreach (ref var number in ints)
            number = (ulong)ZigZag.Decode(number);
        TakeContainers(id, dealt[starts[4]..starts[5]], dealt[starts[5]..], nestedCount);
    }

    void TakeContainers(ColumnId id, Span<ulong> containers, Span<ulong> room, int nestedCount)
    {
        if (containers.IsEmpty)
            return;
        var counts = room[..containers.Length];
        source.Take(id + ValueStream.ContainerStarts, containers);
        source.Take(id + ValueStream.ContainerCounts, counts);
        for (var row = 0; row < containers.Length; row++)
        {
            if (containers[row] > (ulong)nestedCount || counts[row] > (ulong)nestedCount - containers[row])
                source.Fail(id + ValueStream.ContainerStarts, $"rows below {nestedCount}", $"{counts[row]} from {containers[row]} on");
            containers[row] = (containers[row] << 32) | counts[row];
        }
    }

    void TakeEntityKeys(EntityColumns entities, int count, int keyCount)
    {
        var ids = new ulong[count];
        var descriptions = new ulong[count];
        source.Take(ColumnId.EntityIdKeyCounts, ids);
        source.Take(ColumnId.EntityDescriptionKeyCounts, descriptions);
        var end = 0UL;
        for (var entity = 0; entity < count; entity++)
        {
            if (ids[entity] > (ulong)keyCount || descriptions[entity] > (ulong)keyCount || end + ids[entity] + descriptions[entity] > (ulong)keyCount)
                source.Fail(ColumnId.EntityIdKeyCounts, $"{keyCount} keys together", $"more at entity {entity}");
            end += ids[entity];
            entities.IdKeyEnds.Add((int)end);
            end += descriptions[entity];
            entities.DescriptionKeyEnds.Add((int)end);
        }

        if (end != (ulong)keyCount)
            source.Fail(ColumnId.EntityIdKeyCounts, $"{keyCount} keys together", $"{end}");
    }

    void Take(ColumnId id, Span<ulong> values)
    {
        if (!values.IsEmpty)
            source.Take(id, values);
    }

    void TakeCodes(ColumnId id, Column<int> target, int count, int limit)
    {
        if (count == 0)
            return;
        var values = source.Scratch(count);
        source.Take(id, values);
        var codes = target.Append(count);
        var largest = 0UL;
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = (int)values[row];
            largest = Math.Max(largest, values[row]);
        }

        if (largest >= (ulong)limit)
            source.Fail(id, $"codes below {limit}", $"{largest}");
    }

    void TakeNumbers(ColumnId id, Column<uint> target, int count)
    {
        var values = source.Scratch(count);
        source.Take(id, values);
        var numbers = target.Append(count);
        var largest = 0UL;
        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = (uint)values[row];
            largest = Math.Max(largest, values[row]);
        }

        if (largest > uint.MaxValue)
            source.Fail(id, "numbers of 32 bits", $"{largest}");
    }

    void TakeBytes(ColumnId id, Span<byte> target, int largestAllowed)
    {
        var values = source.Scratch(target.Length);
        source.Take(id, values);
        var largest = 0UL;
        for (var row = 0; row < target.Length; row++)
        {
            target[row] = (byte)values[row];
            largest = Math.Max(largest, values[row]);
        }

        if (largest > (ulong)largestAllowed)
            source.Fail(id, $"numbers up to {largestAllowed}", $"{largest}");
    }

    void TakeEnds(ColumnId id, Column<int> target, int ownerCount, int count)
    {
        var counts = source.Scratch(ownerCount);
        source.Take(id, counts);
        var ends = target.Append(ownerCount);
        var end = 0UL;
        for (var owner = 0; owner < ends.Length; owner++)
        {
            end += Math.Min(counts[owner], int.MaxValue);
            if (end > (ulong)count)
                source.Fail(id, $"{count} rows together", $"{end} at row {owner}");
            ends[owner] = (int)end;
        }

        if (end != (ulong)count)
            source.Fail(id, $"{count} rows together", $"{end}");
    }
}
