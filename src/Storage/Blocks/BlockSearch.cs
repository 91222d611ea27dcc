using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Searches one block: rules out what the footer, the filters and the dictionary can, reads columns from the cheapest on, and lets <see cref="SpanMatcher"/> decide.</summary>
/// <remarks>
/// A row group is read in three steps, each for the rows that the step before left: starts (is any new enough to matter?), then what a span says in one number (service,
/// name, kind, status, duration), then attributes, events and links, which are most of the bytes. The newest traces fill the answer early, so that most row
/// groups end after the first step.
/// </remarks>
internal sealed class BlockSearch : IDisposable
{
    readonly Block _block;
    readonly BlockIndex _index;
    readonly SpanSelection _selection;
    readonly SpanSelection _plain;
    readonly SpanSelection _valued;
    readonly SpanParts _plainParts;
    readonly SpanParts _valuedParts;
    readonly RowGroupReader _reader;
    readonly SpanBatch _shared;
    readonly StringTable _strings;
    readonly AskedAttribute[] _attributes;
    readonly List<int> _rows = [];
    SpanMatcher? _plainMatcher;
    SpanMatcher? _valuedMatcher;
    int _searchedCount;

    BlockSearch(Block block, SpanSelection selection)
    {
        _block = block;
        _index = block.Index;
        _selection = selection;
        _strings = block.Dictionary.Strings;
        var tablesAreText = TablesAreText(block.Dictionary);
        _attributes = [.. ConditionBounds.AttributesOf(selection.Conditions).Select(condition => AskedAttribute.Of(condition, _strings, tablesAreText))];
        var byCost = selection.Conditions.ToLookup(condition => (PartsOf([condition]) & SpanParts.WithValues) != SpanParts.Core);
        _plain = selection with { Conditions = [.. byCost[false]] };
        _valued = new SpanSelection(TimeRange.All, [.. byCost[true]]);
        _plainParts = PartsOf(_plain.Conditions);
        _valuedParts = PartsOf(_valued.Conditions) & ~_plainParts;
        _reader = block.NewReader();
        _shared = _reader.NewShared();
    }

    /// <summary>Prepares a search; null when the footer rules the whole block out.</summary>
    public static BlockSearch? Begin(Block block, SpanSelection selection)
    {
        if (block.FindOperations() is { } operations && !Array.Exists(operations, operation => ConditionBounds.CanMatch(selection, operation)))
            return null;
        return new BlockSearch(block, selection);
    }

    /// <summary>The newest start that what has not been searched yet can hold; null when everything was.</summary>
    public UnixNanos? NewestLeft => _searchedCount == _index.Groups.Length ? null : Next.Info.StartMax;

    /// <summary>Searches the row group with the newest start of those that are left.</summary>
    /// <param name="damage">Told of a row group that could not be read; the search goes on without it.</param>
    public void SearchNext(NewestTraces newest, DamageLog damage)
    {
        var (group, info) = Next;
        _searchedCount++;
        try
        {
            Search(group, info, newest);
        }
        catch (IOException failure) when (failure is not UnsupportedFormatException)
        {
            damage.AddRowGroup(failure, info);
        }
    }

    public void Dispose() => _reader.Dispose();

    (int Group, RowGroupInfo Info) Next
    {
        get
        {
            var group = _index.GroupsByNewest[_searchedCount];
            return (group, _index.Groups[group]);
        }
    }

    void Search(int group, RowGroupInfo info, NewestTraces newest)
    {
        if (info.StartMax < newest.Horizon || !_selection.Starts.Overlaps(info.StartMin, info.StartMax)
            || !ConditionBounds.CanMatch(_selection, info, condition => Decide(condition, group, info)))
            return;
        _reader.Begin(info, _shared);
        if (!IsAnyInReach(newest.Horizon))
            return;
        _reader.Continue(_plainParts, _shared);
        // Matchers are bound once: texts have the same codes in all row groups, and columns are looked up when a row is tested.
        _plainMatcher ??= new SpanMatcher(_plain, _shared);
        FindRows(_plainMatcher, newest.Horizon);
        if (_rows.Count == 0 || _valued.Conditions.IsEmpty)
            Offer(_shared, newest);
        else if (NeedsLocals(group, info))
            OfferValued(_reader.ReadWithStrings(info, _plainParts | _valuedParts), null, newest);
        else
            OfferValued(Complete(), _valuedMatcher ??= new SpanMatcher(_valued, _shared), newest);
    }

    bool IsAnyInReach(UnixNanos horizon)
    {
        foreach (var start in _shared.Spans.Starts.Values)
        {
            if (start >= horizon && _selection.Starts.Contains(start))
                return true;
        }

        return false;
    }

    void FindRows(SpanMatcher matcher, UnixNanos horizon)
    {
        _rows.Clear();
        if (!matcher.CanMatch)
            return;
        var starts = _shared.Spans.Starts.Values;
        for (var row = 0; row < starts.Length; row++)
        {
            if (starts[row] >= horizon && matcher.Matches(row))
                _rows.Add(row);
        }
    }

    SpanBatch Complete()
    {
        _reader.Continue(_valuedParts, _shared);
        return _shared;
    }

    void OfferValued(SpanBatch batch, SpanMatcher? bound, NewestTraces newest)
    {
        var matcher = bound ?? new SpanMatcher(_valued, batch);
        if (!matcher.CanMatch)
            return;
        _rows.RemoveAll(row => !matcher.Matches(row));
        Offer(batch, newest);
    }

    void Offer(SpanBatch batch, NewestTraces newest)
    {
        foreach (var row in _rows)
            newest.Offer(batch.Spans.TraceIds[row], batch.Spans.Starts[row]);
    }

    // A matcher never looks at attributes for a key that the block does not have.
    SpanParts PartsOf(IEnumerable<SpanCondition> conditions) => ConditionBounds.PartsOf(conditions, condition => Asked(condition).KeyIsKnown);

    bool? Decide(SpanCondition.AttributeIs condition, int group, RowGroupInfo info)
    {
        var asked = Asked(condition);
        if (!asked.KeyIsKnown)
            return false;
        return asked.CanOnlyBeLocal && !info.HasComposites && !_block.MayHaveLocal(group, asked.TextHash) ? false : null;
    }

    AskedAttribute Asked(SpanCondition.AttributeIs condition) => Array.Find(_attributes, attribute => ReferenceEquals(attribute.Condition, condition))!;

    // A matcher over the shared strings is blind for what only this row group has, and cannot format what is made of it.
    bool NeedsLocals(int group, RowGroupInfo info)
    {
        foreach (var asked in _attributes)
        {
            if (asked.KeyIsKnown && (info.HasComposites || (!asked.TextIsShared && _block.MayHaveLocal(group, asked.TextHash))))
                return true;
        }

        return false;
    }

    static bool TablesAreText(SpanBatch dictionary)
    {
        foreach (var kind in dictionary.Resources.Attributes.Values.Kinds.Values)
        {
            if (kind >= ValueKind.Array)
                return false;
        }

        foreach (var kind in dictionary.Scopes.Attributes.Values.Kinds.Values)
        {
            if (kind >= ValueKind.Array)
                return false;
        }

        return true;
    }

    /// <param name="CanOnlyBeLocal">No shared string, no number, and nothing that resources and scopes have reads as the text.</param>
    sealed record AskedAttribute(SpanCondition.AttributeIs Condition, bool KeyIsKnown, bool TextIsShared, bool CanOnlyBeLocal, ulong TextHash)
    {
        public static AskedAttribute Of(SpanCondition.AttributeIs condition, StringTable strings, bool tablesAreText)
        {
            var isShared = strings.TryFind(condition.Text, out _);
            return new AskedAttribute(
                condition, strings.TryFind(condition.Key, out _), isShared, !isShared && tablesAreText && ConditionBounds.IsOnlyText(condition.Text),
                StableHash.Of(System.Text.Encoding.UTF8.GetBytes(condition.Text)));
        }
    }
}
