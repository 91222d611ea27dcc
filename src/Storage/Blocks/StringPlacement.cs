using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Decides which strings of a batch become the dictionary that all row groups of its block share; the others stay with the row groups that use them.</summary>
/// <remarks>
/// Unique strings (request ids, prompts, statements) thus stay out of the dictionary, which every query loads, and next to their rows. Names, keys and whatever scopes
/// and resources use are always shared, so that a condition on them is decided once per block.
/// </remarks>
internal sealed class StringPlacement
{
    const int Unused = -1, Shared = -2;

    // Per string of the source: the row group that alone uses it, or one of the above.
    readonly int[] _home;
    readonly SpanBatch _source;

    StringPlacement(SpanBatch source)
    {
        _source = source;
        _home = new int[source.Strings.Count];
        Array.Fill(_home, Unused);
        _home[0] = Shared;
    }

    /// <summary>Per string, whether it is to be shared.</summary>
    /// <param name="order">All rows in the order in which they will be appended.</param>
    public static bool[] Of(SpanBatch source, ReadOnlySpan<int> order, int rowsPerGroup)
    {
        var placement = new StringPlacement(source);
        placement.PlaceShared();
        for (var at = 0; at < order.Length; at++)
            placement.PlaceRow(order[at], at / rowsPerGroup);
        return Array.ConvertAll(placement._home, home => home == Shared);
    }

    void PlaceShared()
    {
        var source = _source;
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

    void PlaceRow(int row, int group)
    {
        var source = _source;
        Place(source.Spans.TraceStates[row], group);
        Place(source.Spans.StatusMessages[row], group);
        PlaceValues(source.Spans.Attributes, source.Spans.Attributes[row], group);
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
}
