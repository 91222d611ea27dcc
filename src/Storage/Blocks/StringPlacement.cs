using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Decides where each string of a block lives: in the dictionary that all row groups share, or with the only row group that uses it.</summary>
/// <remarks>
/// Unique strings (request ids, prompts, statements) thus stay out of the dictionary, which every query loads, and next to their rows. Names, keys and whatever scopes
/// and resources use are always shared, so that a condition on them is decided once per block. Codes: the shared ones, then the row group's own.
/// </remarks>
internal sealed class StringPlacement
{
    const int Unused = -1, Shared = -2;

    // Per string of the source: the row group that alone uses it, or one of the above.
    readonly int[] _home;
    readonly int[] _codes;
    readonly SpanBatch _source;
    List<int> _locals = [];

    /// <param name="groupOf">The row group of each row.</param>
    public StringPlacement(SpanBatch source, ReadOnlySpan<int> groupOf)
    {
        _source = source;
        _home = new int[source.Strings.Count];
        _codes = new int[source.Strings.Count];
        Array.Fill(_home, Unused);
        _home[0] = Shared;
        PlaceShared(source);
        PlaceRows(source, groupOf);
        Dictionary = BuildDictionary(source);
        SharedCount = Dictionary.Strings.Count;
    }

    /// <summary>The shared strings with the block's resources and scopes; no spans. Scopes keep their rows.</summary>
    public SpanBatch Dictionary { get; }

    public int SharedCount { get; }

    /// <summary>The strings that the current row group has for itself, as codes of the source.</summary>
    public IReadOnlyList<int> Locals => _locals;

    public void BeginGroup() => _locals = [];

    /// <summary>The code of a source's string in the current row group.</summary>
    public int CodeOf(int code)
    {
        var known = _codes[code];
        return known != 0 || code == 0 ? known : AddLocal(code);
    }

    /// <summary>The strings that the current row group has for itself, the empty one first.</summary>
    public StringTable LocalTable()
    {
        var ends = new int[_locals.Count + 1];
        for (var at = 0; at < _locals.Count; at++)
            ends[at + 1] = ends[at] + _source.Strings[_locals[at]].Length;
        var bytes = new byte[ends[^1]];
        for (var at = 0; at < _locals.Count; at++)
            _source.Strings[_locals[at]].CopyTo(bytes.AsSpan(ends[at]));
        var table = new StringTable();
        table.TryLoad(bytes, ends);
        return table;
    }

    int AddLocal(int code)
    {
        _locals.Add(code);
        return _codes[code] = SharedCount + _locals.Count - 1;
    }

    void PlaceShared(SpanBatch source)
    {
        Share(source.Spans.Names.Values);
        Share(source.Spans.Attributes.Keys.Values);
        Share(source.Events.Names.Values);
        Share(source.Events.Attributes.Keys.Values);
        Share(source.Links.Attributes.Keys.Values);
    }

    void Share(ReadOnlySpan<int> codes)
    {
        foreach (var code in codes)
            _home[code] = Shared;
    }

    void PlaceRows(SpanBatch source, ReadOnlySpan<int> groupOf)
    {
        var spans = source.Spans;
        for (var row = 0; row < groupOf.Length; row++)
        {
            var group = groupOf[row];
            Place(spans.TraceStates[row], group);
            Place(spans.StatusMessages[row], group);
            PlaceValues(spans.Attributes, spans.Attributes[row], group);
            var events = source.Events[row];
            for (var at = events.Start; at < events.End; at++)
                PlaceValues(source.Events.Attributes, source.Events.Attributes[at], group);
            var links = source.Links[row];
            for (var at = links.Start; at < links.End; at++)
            {
                Place(source.Links.TraceStates[at], group);
                PlaceValues(source.Links.Attributes, source.Links.Attributes[at], group);
            }
        }
    }

    void PlaceValues(AttributeColumns attributes, RowRange rows, int group)
    {
        for (var row = rows.Start; row < rows.End; row++)
            PlaceValue(attributes.Values[row], group);
    }

    void PlaceValue(AnyValue value, int group)
    {
        if (value.IsText)
            Place(value.Code, group);
        if (!value.IsContainer)
            return;
        for (var row = value.NestedStart; row < value.NestedStart + value.NestedCount; row++)
        {
            Place(_source.Nested.Keys[row], group);
            PlaceValue(_source.Nested.Values[row], group);
        }
    }

    void Place(int code, int group)
    {
        ref var home = ref _home[code];
        if (home == Unused)
            home = group;
        else if (home != group)
            home = Shared;
    }

    SpanBatch BuildDictionary(SpanBatch source)
    {
        var dictionary = new SpanBatch();
        for (var code = 1; code < _home.Length; code++)
        {
            if (_home[code] == Shared)
                _codes[code] = dictionary.Strings.Intern(source.Strings[code]);
        }

        var copier = new SpanCopier(dictionary);
        for (var scope = 0; scope < source.Scopes.Count; scope++)
            copier.CopyScope(source, scope);
        // What only scopes and resources use came in with them; rows must not take it for a local.
        for (var code = 1; code < _home.Length; code++)
        {
            if (_codes[code] == 0 && dictionary.Strings.TryFind(source.Strings[code], out var shared))
                _codes[code] = shared;
        }

        return dictionary;
    }
}
