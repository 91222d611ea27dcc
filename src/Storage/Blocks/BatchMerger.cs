using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Puts batches one behind the other, a column at a time: equal strings, resources and scopes get one code, rows keep their order.</summary>
/// <remarks>Sealing moves every span through here, so it copies columns and maps codes in flat loops; <see cref="SpanCopier"/> is for choosing spans one by one.</remarks>
internal sealed class BatchMerger
{
    readonly SpanBatch _target = SpanBatch.Rent();
    readonly SpanCopier _copier;
    int[] _strings = [], _scopes = [];

    BatchMerger() => _copier = new SpanCopier(_target);

    /// <returns>A rented batch, for the caller to release.</returns>
    public static SpanBatch Merge(IReadOnlyList<SpanBatch> batches)
    {
        var merger = new BatchMerger();
        merger.Reserve(batches);
        foreach (var batch in batches)
            merger.Add(batch);
        return merger._target;
    }

    void Reserve(IReadOnlyList<SpanBatch> batches)
    {
        _target.Reserve(batches.Sum(batch => batch.SpanCount));
        Reserve(batches, batch => batch.Spans.Attributes);
        if (batches.Sum(batch => batch.Events.Count) is > 0 and var events)
        {
            _target.Events.Times.Reserve(events);
            _target.Events.Names.Reserve(events);
            Reserve(batches, batch => batch.Events.Attributes);
        }
    }

    void Reserve(IReadOnlyList<SpanBatch> batches, Func<SpanBatch, AttributeColumns> attributesOf)
    {
        var (count, attributes) = (batches.Sum(batch => attributesOf(batch).Count), attributesOf(_target));
        if (count == 0)
            return;
        attributes.Keys.Reserve(count);
        attributes.Values.Kinds.Reserve(count);
        attributes.Values.Bits.Reserve(count);
    }

    void Add(SpanBatch source)
    {
        MapCodes(source);
        var nestedStart = _target.Nested.Count;
        var spans = source.Spans;
        var to = _target.Spans;
        AddAttributes(spans.Attributes, to.Attributes, nestedStart);
        AddEvents(source, nestedStart);
        AddLinks(source, nestedStart);
        AddStrings(source.Nested.Keys, _target.Nested.Keys);
        AddValues(source.Nested.Values, _target.Nested.Values, nestedStart);
        to.TraceIds.AddRange(spans.TraceIds.Values);
        to.SpanIds.AddRange(spans.SpanIds.Values);
        to.ParentSpanIds.AddRange(spans.ParentSpanIds.Values);
        to.Starts.AddRange(spans.Starts.Values);
        to.Ends.AddRange(spans.Ends.Values);
        AddCodes(spans.Scopes.Values, to.Scopes, _scopes);
        AddStrings(spans.Names, to.Names);
        AddStrings(spans.TraceStates, to.TraceStates);
        AddStrings(spans.StatusMessages, to.StatusMessages);
        to.Flags.AddRange(spans.Flags.Values);
        to.DroppedAttributeCounts.AddRange(spans.DroppedAttributeCounts.Values);
        to.DroppedEventCounts.AddRange(spans.DroppedEventCounts.Values);
        to.DroppedLinkCounts.AddRange(spans.DroppedLinkCounts.Values);
        to.Kinds.AddRange(spans.Kinds.Values);
        to.Statuses.AddRange(spans.Statuses.Values);
    }

    // Scopes first: their values may need nested rows, which then lie before those of the spans.
    void MapCodes(SpanBatch source)
    {
        Grow(ref _scopes, source.Scopes.Count);
        for (var scope = 0; scope < source.Scopes.Count; scope++)
            _scopes[scope] = _copier.CopyScope(source, scope);
        _copier.ForgetSources();
        Grow(ref _strings, source.Strings.Count);
        for (var code = 0; code < source.Strings.Count; code++)
            _strings[code] = _target.Strings.Intern(source.Strings[code]);
    }

    void AddEvents(SpanBatch source, int nestedStart)
    {
        var events = source.Events;
        AddEnds(events.Ends.Values, _target.Events.Ends, _target.Events.Count);
        AddAttributes(events.Attributes, _target.Events.Attributes, nestedStart);
        _target.Events.Times.AddRange(events.Times.Values);
        AddStrings(events.Names, _target.Events.Names);
        _target.Events.DroppedAttributeCounts.AddRange(events.DroppedAttributeCounts.Values);
    }

    void AddLinks(SpanBatch source, int nestedStart)
    {
        var links = source.Links;
        AddEnds(links.Ends.Values, _target.Links.Ends, _target.Links.Count);
        AddAttributes(links.Attributes, _target.Links.Attributes, nestedStart);
        _target.Links.TraceIds.AddRange(links.TraceIds.Values);
        _target.Links.SpanIds.AddRange(links.SpanIds.Values);
        AddStrings(links.TraceStates, _target.Links.TraceStates);
        _target.Links.Flags.AddRange(links.Flags.Values);
        _target.Links.DroppedAttributeCounts.AddRange(links.DroppedAttributeCounts.Values);
    }

    void AddAttributes(AttributeColumns from, AttributeColumns to, int nestedStart)
    {
        AddEnds(from.Ends.Values, to.Ends, to.Count);
        AddStrings(from.Keys, to.Keys);
        AddValues(from.Values, to.Values, nestedStart);
    }

    void AddValues(ValueColumns from, ValueColumns to, int nestedStart)
    {
        var kinds = from.Kinds.Values;
        var bits = from.Bits.Values;
        to.Kinds.AddRange(kinds);
        var target = to.Bits.Append(bits.Length);
        for (var row = 0; row < bits.Length; row++)
        {
            target[row] = kinds[row] switch
            {
                ValueKind.String or ValueKind.Bytes => _strings[(int)bits[row]],
                ValueKind.Array or ValueKind.Map => bits[row] + ((long)nestedStart << 32),
                _ => bits[row],
            };
        }
    }

    void AddStrings(Column<int> from, Column<int> to)
    {
        if (from.IsAllDefault)
            to.AddDefaults(from.Count);
        else
            AddCodes(from.Values, to, _strings);
    }

    static void AddCodes(ReadOnlySpan<int> from, Column<int> to, int[] map)
    {
        var target = to.Append(from.Length);
        for (var row = 0; row < from.Length; row++)
            target[row] = map[from[row]];
    }

    static void AddEnds(ReadOnlySpan<int> from, Column<int> to, int start)
    {
        if (start == 0)
        {
            to.AddRange(from);
            return;
        }

        var target = to.Append(from.Length);
        for (var row = 0; row < from.Length; row++)
            target[row] = from[row] + start;
    }

    static void Grow(ref int[] map, int count)
    {
        if (map.Length < count)
            map = new int[Math.Max(count, map.Length * 2)];
    }
}
