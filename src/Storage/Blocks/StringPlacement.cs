using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Decides which strings of a batch become the dictionary that all row groups of its block share; the others stay with the row groups that use them.</summary>
/// <remarks>
/// Unique strings (request ids, prompts, statements) and rare ones (sessions, addresses) thus stay out of the dictionary, which every query loads and every merge adds to, and
/// next to their rows, where the value index leads to them. Names, keys and whatever scopes and resources use are always shared, so that a condition on them is decided once per
/// block.
/// </remarks>
internal sealed class StringPlacement
{
    /// <summary>A string is shared when at least one in so many row groups uses it, and at least two do.</summary>
    const int GroupsPerUse = 16;

    readonly bool[] _isShared;

    // Per string of the source: how many row groups use it, and the last one that did.
    readonly int[] _groupCounts, _lastGroups;
    readonly SpanBatch _source;

    StringPlacement(SpanBatch source)
    {
        _source = source;
        _isShared = new bool[source.Strings.Count];
        _groupCounts = new int[source.Strings.Count];
        _lastGroups = new int[source.Strings.Count];
        Array.Fill(_lastGroups, -1);
    }

    /// <summary>Per string, whether it is to be shared.</summary>
    /// <param name="order">All rows in the order in which they will be appended.</param>
    public static bool[] Of(SpanBatch source, ReadOnlySpan<int> order, int rowsPerGroup)
    {
        var placement = new StringPlacement(source);
        for (var at = 0; at < order.Length; at++)
            placement.PlaceRow(order[at], at / rowsPerGroup);
        var groupCountMin = Math.Max(2, order.Length / rowsPerGroup / GroupsPerUse);
        for (var code = 0; code < placement._isShared.Length; code++)
            placement._isShared[code] = placement._groupCounts[code] >= groupCountMin;
        placement.PlaceShared();
        return placement._isShared;
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
            _isShared[code] = true;
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
        if (_lastGroups[code] == group)
            return;
        _lastGroups[code] = group;
        _groupCounts[code]++;
    }
}
