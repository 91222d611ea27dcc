using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Collects the rows of one row group, a column at a time, with the codes they have in the block: the dictionary's strings first, then the row group's own.</summary>
internal sealed class RowGroupGatherer
{
    readonly StringTable _shared;
    readonly List<RowSource> _sources = [];
    RowSource _source = null!;
    int _group;

    public RowGroupGatherer(SpanBatch dictionary)
    {
        _shared = dictionary.Strings;
        Group = new SpanBatch(new StringTable(), dictionary.Resources, dictionary.Scopes);
    }

    /// <summary>The row group at hand. Its string codes are those of the block, not of its own table.</summary>
    public SpanBatch Group { get; }

    /// <summary>The strings that the row group has for itself, the empty one first.</summary>
    public StringTable Locals { get; } = new();

    public int RowCount => Group.SpanCount;

    /// <summary>Begins the next row group.</summary>
    public void Clear()
    {
        Group.ClearSpans(0);
        Locals.Clear();
        foreach (var source in _sources)
            source.ForgetLocals();
        _sources.Clear();
        _group++;
    }

    /// <summary>The code of a text that need not be in the dictionary.</summary>
    public int CodeOf(ReadOnlySpan<byte> text) => _shared.TryFind(text, out var code) ? code : _shared.Count + Locals.Intern(text) - 1;

    public void Add(RowSource rowSource, ReadOnlySpan<int> rows)
    {
        Use(rowSource);
        var source = rowSource.Batch;
        SpanColumns from = source.Spans, to = Group.Spans;
        Pick(from.TraceIds, to.TraceIds, rows);
        Pick(from.SpanIds, to.SpanIds, rows);
        Pick(from.ParentSpanIds, to.ParentSpanIds, rows);
        Pick(from.Starts, to.Starts, rows);
        Pick(from.Ends, to.Ends, rows);
        PickScopes(from.Scopes.Values, to.Scopes, rows);
        PickShared(from.Names.Values, to.Names, rows);
        PickCodes(from.TraceStates.Values, to.TraceStates, rows);
        PickCodes(from.StatusMessages.Values, to.StatusMessages, rows);
        Pick(from.Flags, to.Flags, rows);
        Pick(from.DroppedAttributeCounts, to.DroppedAttributeCounts, rows);
        Pick(from.DroppedEventCounts, to.DroppedEventCounts, rows);
        Pick(from.DroppedLinkCounts, to.DroppedLinkCounts, rows);
        Pick(from.Kinds, to.Kinds, rows);
        Pick(from.Statuses, to.Statuses, rows);
        foreach (var row in rows)
            PickAttributes(from.Attributes, row, to.Attributes);
        foreach (var row in rows)
            PickEvents(row);
        foreach (var row in rows)
            PickLinks(row);
    }

    void Use(RowSource source)
    {
        _source = source;
        if (source.Group == _group)
            return;
        source.Group = _group;
        _sources.Add(source);
    }

    int CodeOf(int code)
    {
        var known = _source.Codes[code];
        return known > 0 || code == 0 ? known : Place(code);
    }

    int Place(int code)
    {
        var text = _source.Batch.Strings[code];
        if (_source.Codes[code] == RowSource.Unknown)
        {
            if (_shared.TryFind(text, out var shared))
                return _source.Codes[code] = shared;
        }

        var local = _shared.Count + Locals.Intern(text) - 1;
        _source.SetLocal(code, local);
        return local;
    }

    // Names and keys: a search decides once per block what they can be.
    int SharedCodeOf(int code)
    {
        var known = CodeOf(code);
        return known < _shared.Count
            ? known
            : throw new InvalidOperationException($"The block's dictionary does not have the name or key \"{_source.Batch.Strings.GetString(code)}\".");
    }

    static void Pick<T>(Column<T> from, Column<T> to, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        var values = from.Values;
        var picked = to.Append(rows.Length);
        for (var at = 0; at < picked.Length; at++)
            picked[at] = values[rows[at]];
    }

    void PickScopes(ReadOnlySpan<int> from, Column<int> to, ReadOnlySpan<int> rows)
    {
        var picked = to.Append(rows.Length);
        for (var at = 0; at < picked.Length; at++)
            picked[at] = _source.Scopes[from[rows[at]]];
    }

    void PickShared(ReadOnlySpan<int> from, Column<int> to, ReadOnlySpan<int> rows)
    {
        var picked = to.Append(rows.Length);
        for (var at = 0; at < picked.Length; at++)
            picked[at] = SharedCodeOf(from[rows[at]]);
    }

    void PickCodes(ReadOnlySpan<int> from, Column<int> to, ReadOnlySpan<int> rows)
    {
        var picked = to.Append(rows.Length);
        for (var at = 0; at < picked.Length; at++)
            picked[at] = CodeOf(from[rows[at]]);
    }

    void PickAttributes(AttributeColumns from, int owner, AttributeColumns to)
    {
        var range = from[owner];
        var keys = from.Keys.Values;
        var kinds = from.Values.Kinds.Values;
        var bits = from.Values.Bits.Values;
        for (var row = range.Start; row < range.End; row++)
            to.Add(SharedCodeOf(keys[row]), Value(new AnyValue(kinds[row], bits[row])));
        to.EndOwner();
    }

    AnyValue Value(AnyValue value)
    {
        if (value.IsText)
            return value with { Bits = CodeOf(value.Code) };
        if (!value.IsContainer)
            return value;
        var first = Group.Nested.Append(value.NestedCount);
        for (var at = 0; at < value.NestedCount; at++)
        {
            var row = value.NestedStart + at;
            Group.Nested.Set(first + at, CodeOf(_source.Batch.Nested.Keys[row]), Value(_source.Batch.Nested.Values[row]));
        }

        return value.Kind == ValueKind.Array ? AnyValue.OfArray(first, value.NestedCount) : AnyValue.OfMap(first, value.NestedCount);
    }

    void PickEvents(int span)
    {
        EventColumns from = _source.Batch.Events, to = Group.Events;
        var range = from[span];
        for (var row = range.Start; row < range.End; row++)
        {
            PickAttributes(from.Attributes, row, to.Attributes);
            to.Times.Add(from.Times[row]);
            to.Names.Add(SharedCodeOf(from.Names[row]));
            to.DroppedAttributeCounts.Add(from.DroppedAttributeCounts[row]);
        }

        to.Ends.Add(to.Count);
    }

    void PickLinks(int span)
    {
        LinkColumns from = _source.Batch.Links, to = Group.Links;
        var range = from[span];
        for (var row = range.Start; row < range.End; row++)
        {
            PickAttributes(from.Attributes, row, to.Attributes);
            to.TraceIds.Add(from.TraceIds[row]);
            to.SpanIds.Add(from.SpanIds[row]);
            to.TraceStates.Add(CodeOf(from.TraceStates[row]));
            to.Flags.Add(from.Flags[row]);
            to.DroppedAttributeCounts.Add(from.DroppedAttributeCounts[row]);
        }

        to.Ends.Add(to.Count);
    }
}
