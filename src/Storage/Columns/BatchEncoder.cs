using System.Runtime.InteropServices;
using Clew.Model;

namespace Clew.Storage.Columns;

/// <summary>Takes a batch apart into columns. <see cref="BatchDecoder"/> is its mirror; both follow the order of <see cref="ColumnId"/>.</summary>
/// <remarks>
/// What the decoder would refuse is refused here, before anything is acknowledged: a batch with a code that points nowhere is a bug of whoever built it.
/// </remarks>
/// <param name="stringCount">Codes of strings are below this.</param>
internal sealed class BatchEncoder(ColumnSink sink, int stringCount)
{
    public void PutStrings(StringTable strings)
    {
        var lengths = sink.Scratch(strings.Count);
        var ends = strings.Ends;
        lengths[0] = (ulong)ends[0];
        for (var code = 1; code < ends.Length; code++)
            lengths[code] = (ulong)(ends[code] - ends[code - 1]);
        sink.PutAnchor(ColumnId.StringLengths, lengths);
        sink.PutBytes(ColumnId.StringBytes, strings.Bytes);
    }

    /// <summary>Puts the nested rows from <paramref name="first"/> on.</summary>
    public void PutNested(NestedColumns nested, int first)
    {
        if (nested.Count == first)
            return;
        PutCodes(ColumnId.NestedKeys, nested.Keys.Values[first..], stringCount);
        for (var row = first; row < nested.Count; row++)
        {
            var value = nested.Values[row];
            if (value.IsContainer && value.NestedStart <= row)
                throw Invalid("a nested container that lies before its own", row);
        }

        PutValues(ColumnId.NestedValues, nested.Values, first, nested.Count);
    }

    public void PutResources(ResourceColumns resources, int nestedCount)
    {
        if (resources.Count == 0)
            return;
        PutAttributes(ColumnId.ResourceAttributes, resources.Attributes, nestedCount);
        PutNumbers(ColumnId.ResourceDroppedAttributes, resources.DroppedAttributeCounts.Values);
        PutCodes(ColumnId.ResourceSchemaUrls, resources.SchemaUrls.Values, stringCount, anchor: true);
        var entities = resources.Entities;
        PutCounts(ColumnId.EntityCounts, entities.Ends.Values, entities.Count);
        if (entities.Count == 0)
            return;
        PutCodes(ColumnId.EntitySchemaUrls, entities.SchemaUrls.Values, stringCount);
        PutCodes(ColumnId.EntityTypes, entities.Types.Values, stringCount, anchor: true);
        var counts = sink.Scratch(entities.Count);
        for (var entity = 0; entity < counts.Length; entity++)
            counts[entity] = (ulong)entities.IdKeys(entity).Count;
        sink.Put(ColumnId.EntityIdKeyCounts, counts);
        counts = sink.Scratch(entities.Count);
        for (var entity = 0; entity < counts.Length; entity++)
            counts[entity] = (ulong)entities.DescriptionKeys(entity).Count;
        sink.Put(ColumnId.EntityDescriptionKeyCounts, counts);
        PutCodes(ColumnId.EntityKeys, entities.Keys.Values, stringCount, anchor: true);
    }

    public void PutScopes(ScopeColumns scopes, int resourceCount, int nestedCount)
    {
        if (scopes.Count == 0)
            return;
        PutAttributes(ColumnId.ScopeAttributes, scopes.Attributes, nestedCount);
        PutCodes(ColumnId.ScopeResources, scopes.Resources.Values, resourceCount, anchor: true);
        PutCodes(ColumnId.ScopeNames, scopes.Names.Values, stringCount);
        PutCodes(ColumnId.ScopeVersions, scopes.Versions.Values, stringCount);
        PutNumbers(ColumnId.ScopeDroppedAttributes, scopes.DroppedAttributeCounts.Values);
        PutCodes(ColumnId.ScopeSchemaUrls, scopes.SchemaUrls.Values, stringCount);
    }

    /// <summary>Puts everything about the spans but their ids, parents and starts, which depend on the order of the rows.</summary>
    public void PutSpans(SpanBatch batch, int scopeCount)
    {
        var spans = batch.Spans;
        if (spans.Count == 0)
            return;
        PutDurations(spans);
        PutCodes(ColumnId.Scopes, spans.Scopes.Values, scopeCount);
        PutCodes(ColumnId.Names, spans.Names.Values, stringCount);
        PutCodes(ColumnId.TraceStates, spans.TraceStates.Values, stringCount);
        PutCodes(ColumnId.StatusMessages, spans.StatusMessages.Values, stringCount);
        PutNumbers(ColumnId.Flags, spans.Flags.Values);
        PutNumbers(ColumnId.DroppedAttributes, spans.DroppedAttributeCounts.Values);
        PutNumbers(ColumnId.DroppedEvents, spans.DroppedEventCounts.Values);
        PutNumbers(ColumnId.DroppedLinks, spans.DroppedLinkCounts.Values);
        PutBytes(ColumnId.Kinds, MemoryMarshal.Cast<SpanKind, byte>(spans.Kinds.Values), (int)SpanKind.Consumer);
        PutBytes(ColumnId.Statuses, MemoryMarshal.Cast<StatusCode, byte>(spans.Statuses.Values), (int)StatusCode.Error);
        PutAttributes(ColumnId.SpanAttributes, spans.Attributes, batch.Nested.Count);
        PutEvents(batch);
        PutLinks(batch);
    }

    void PutDurations(SpanColumns spans)
    {
        ReadOnlySpan<UnixNanos> starts = spans.Starts.Values, ends = spans.Ends.Values;
        var durations = sink.Scratch(starts.Length);
        for (var row = 0; row < durations.Length; row++)
            durations[row] = unchecked(ends[row].Value - starts[row].Value);
        sink.Put(ColumnId.Durations, durations);
    }

    // An event's time lies close to its span's start, on either side.
    void PutEvents(SpanBatch batch)
    {
        var events = batch.Events;
        PutCounts(ColumnId.EventCounts, events.Ends.Values, events.Count);
        if (events.Count == 0)
            return;
        var distances = sink.Scratch(events.Count);
        var starts = batch.Spans.Starts.Values;
        var times = events.Times.Values;
        for (var span = 0; span < starts.Length; span++)
        {
            var rows = events[span];
            for (var row = rows.Start; row < rows.End; row++)
                distances[row] = ZigZag.Encode(unchecked((long)(times[row].Value - starts[span].Value)));
        }

        sink.PutAnchor(ColumnId.EventTimes, distances);
        PutCodes(ColumnId.EventNames, events.Names.Values, stringCount);
        PutNumbers(ColumnId.EventDroppedAttributes, events.DroppedAttributeCounts.Values);
        PutAttributes(ColumnId.EventAttributes, events.Attributes, batch.Nested.Count);
    }

    void PutLinks(SpanBatch batch)
    {
        var links = batch.Links;
        PutCounts(ColumnId.LinkCounts, links.Ends.Values, links.Count);
        if (links.Count == 0)
            return;
        sink.PutBytes(ColumnId.LinkTraceIds, MemoryMarshal.AsBytes(links.TraceIds.Values));
        sink.PutBytes(ColumnId.LinkSpanIds, MemoryMarshal.AsBytes(links.SpanIds.Values));
        PutCodes(ColumnId.LinkTraceStates, links.TraceStates.Values, stringCount);
        PutNumbers(ColumnId.LinkFlags, links.Flags.Values);
        PutNumbers(ColumnId.LinkDroppedAttributes, links.DroppedAttributeCounts.Values);
        PutAttributes(ColumnId.LinkAttributes, links.Attributes, batch.Nested.Count);
    }

    void PutAttributes(ColumnId id, AttributeColumns attributes, int nestedCount)
    {
        PutCounts(id + ValueStream.Counts, attributes.Ends.Values, attributes.Count);
        if (attributes.Count == 0)
            return;
        PutCodes(id + ValueStream.Keys, attributes.Keys.Values, stringCount);
        PutValues(id + ValueStream.AttributeValues, attributes.Values, 0, nestedCount);
    }

    // One pass deals the values out to their classes, which then are columns of their own.
    void PutValues(ColumnId id, ValueColumns values, int first, int nestedCount)
    {
        var kinds = MemoryMarshal.Cast<ValueKind, byte>(values.Kinds.Values)[first..];
        var bits = values.Bits.Values[first..];
        PutBytes(id + ValueStream.Kinds, kinds, (int)ValueKind.Bytes, anchor: true);
        Span<int> starts = stackalloc int[ValueStream.ClassCount + 1];
        CountClasses(kinds, starts);
        var dealt = sink.Scratch(starts[^1] + kinds.Length);
        Span<int> next = stackalloc int[ValueStream.ClassCount];
        starts[..^1].CopyTo(next);
        var classOf = ValueStream.ClassOf;
        for (var row = 0; row < kinds.Length; row++)
        {
            var at = classOf[kinds[row]];
            if (at >= 0)
                dealt[next[at]++] = (ulong)bits[row];
        }

        PutClasses(id, dealt, starts, nestedCount);
    }

    void PutClasses(ColumnId id, Span<ulong> dealt, ReadOnlySpan<int> starts, int nestedCount)
    {
        Span<ulong> texts = dealt[starts[0]..starts[1]], bools = dealt[starts[1]..starts[2]], ints = dealt[starts[2]..starts[3]];
        if (NarrowColumn.Range(texts).Largest >= (ulong)stringCount && texts.Length > 0)
            throw Invalid("a value with the code of no string", (long)NarrowColumn.Range(texts).Largest);
        if (NarrowColumn.Range(bools).Largest > 1)
            throw Invalid("a truth value that is neither 0 nor 1", (long)NarrowColumn.Range(bools).Largest);
        foreach (ref var number in ints)
            number = ZigZag.Encode((long)number);
        Put(id + ValueStream.Texts, texts);
        Put(id + ValueStream.Bools, bools);
        Put(id + ValueStream.Ints, ints);
        Put(id + ValueStream.Doubles, dealt[starts[3]..starts[4]]);
        PutContainers(id, dealt[starts[4]..starts[5]], dealt[starts[5]..], nestedCount);
    }

    void PutContainers(ColumnId id, Span<ulong> containers, Span<ulong> room, int nestedCount)
    {
        if (containers.IsEmpty)
            return;
        var part = room[..containers.Length];
        for (var row = 0; row < part.Length; row++)
        {
            part[row] = containers[row] >> 32;
            if (part[row] + (uint)containers[row] > (ulong)nestedCount)
                throw Invalid("a container past the nested values", (long)part[row]);
        }

        sink.Put(id + ValueStream.ContainerStarts, part);
        for (var row = 0; row < part.Length; row++)
            part[row] = (uint)containers[row];
        sink.Put(id + ValueStream.ContainerCounts, part);
    }

    /// <summary>Where each class starts when the values are dealt out, and in the last place where they end.</summary>
    public static void CountClasses(ReadOnlySpan<byte> kinds, Span<int> starts)
    {
        Span<int> kindCounts = stackalloc int[256];
        kindCounts.Clear();
        foreach (var kind in kinds)
            kindCounts[kind]++;
        starts.Clear();
        for (var kind = 0; kind < ValueStream.ClassOf.Length; kind++)
        {
            if (ValueStream.ClassOf[kind] is var at && at >= 0)
                starts[at + 1] += kindCounts[kind];
        }

        for (var at = 1; at < starts.Length; at++)
            starts[at] += starts[at - 1];
    }

    void Put(ColumnId id, ReadOnlySpan<ulong> values)
    {
        if (!values.IsEmpty)
            sink.Put(id, values);
    }

    void PutCodes(ColumnId id, ReadOnlySpan<int> codes, int limit, bool anchor = false)
    {
        if (codes.IsEmpty)
            return;
        var values = sink.Scratch(codes.Length);
        var largest = 0u;
        for (var row = 0; row < codes.Length; row++)
        {
            values[row] = (uint)codes[row];
            largest = Math.Max(largest, (uint)codes[row]);
        }

        if (largest >= (uint)limit)
            throw Invalid($"{id} with a row past {limit}", (int)largest);
        if (anchor)
            sink.PutAnchor(id, values);
        else
            sink.Put(id, values);
    }

    void PutNumbers(ColumnId id, ReadOnlySpan<uint> numbers)
    {
        if (numbers.IsEmpty)
            return;
        var values = sink.Scratch(numbers.Length);
        for (var row = 0; row < numbers.Length; row++)
            values[row] = numbers[row];
        sink.Put(id, values);
    }

    void PutBytes(ColumnId id, ReadOnlySpan<byte> bytes, int largestAllowed, bool anchor = false)
    {
        var values = sink.Scratch(bytes.Length);
        var largest = 0;
        for (var row = 0; row < bytes.Length; row++)
        {
            values[row] = bytes[row];
            largest = Math.Max(largest, bytes[row]);
        }

        if (largest > largestAllowed)
            throw Invalid($"{id} with an unknown number", largest);
        if (anchor)
            sink.PutAnchor(id, values);
        else
            sink.Put(id, values);
    }

    void PutCounts(ColumnId id, ReadOnlySpan<int> ends, int rowCount)
    {
        if ((ends.IsEmpty ? 0 : ends[^1]) != rowCount)
            throw Invalid($"{id} that leave rows without an owner", rowCount);
        if (ends.IsEmpty)
            return;
        var counts = sink.Scratch(ends.Length);
        var before = 0;
        for (var owner = 0; owner < ends.Length; owner++)
        {
            if (ends[owner] < before)
                throw Invalid($"{id} that do not ascend", ends[owner]);
            counts[owner] = (ulong)(ends[owner] - before);
            before = ends[owner];
        }

        sink.Put(id, counts);
    }

    static InvalidOperationException Invalid(string what, long found) => new($"The batch is not well formed: {what} ({found}).");
}
