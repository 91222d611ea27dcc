using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Searches one block: rules out what the footer, the filters and the dictionary can, reads the columns that the conditions ask for, and lets <see cref="SpanMatcher"/> decide.</summary>
internal sealed class BlockSearch
{
    readonly Block _block;
    readonly SpanSelection _selection;
    readonly SpanParts _parts;
    readonly RowGroupReader _reader;
    readonly SpanBatch _shared;
    readonly StringTable _strings;
    readonly AskedAttribute[] _attributes;
    SpanMatcher? _sharedMatcher;

    BlockSearch(Block block, SpanSelection selection)
    {
        _block = block;
        _selection = selection;
        _reader = block.NewReader();
        _shared = _reader.NewShared();
        _strings = block.Dictionary.Strings;
        var tablesAreText = TablesAreText(block.Dictionary);
        _attributes = [.. ConditionBounds.AttributesOf(selection.Conditions).Select(condition => AskedAttribute.Of(condition, _strings, tablesAreText))];
        // A matcher never looks at attributes for a key that the block does not have.
        _parts = ConditionBounds.PartsOf(selection.Conditions, condition => Asked(condition).KeyIsKnown);
    }

    /// <param name="damage">Told of row groups that could not be read; the search goes on without them.</param>
    public static void Run(Block block, SpanSelection selection, NewestTraces newest, DamageLog damage, CancellationToken cancellation)
    {
        if (!selection.Starts.Overlaps(block.Summary.StartMin, block.Summary.StartMax) || block.Summary.StartMax < newest.Horizon
            || (block.FindOperations() is { } operations && !Array.Exists(operations, operation => ConditionBounds.CanMatch(selection, operation))))
            return;
        var search = new BlockSearch(block, selection);
        var groups = block.Index.Groups;
        for (var group = 0; group < groups.Length; group++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                search.Search(group, groups[group], newest);
            }
            catch (IOException failure) when (failure is not UnsupportedFormatException)
            {
                damage.AddRowGroup(failure, groups[group]);
            }
        }
    }

    void Search(int group, RowGroupInfo info, NewestTraces newest)
    {
        if (info.StartMax < newest.Horizon || !_selection.Starts.Overlaps(info.StartMin, info.StartMax)
            || !ConditionBounds.CanMatch(_selection, info, condition => Decide(condition, group, info)))
            return;
        if (NeedsLocals(group, info))
        {
            var batch = _reader.ReadWithStrings(info, _parts);
            Offer(batch, new SpanMatcher(_selection, batch), newest);
            return;
        }

        if (_sharedMatcher is { CanMatch: false })
            return;
        _reader.ReadShared(info, _parts, _shared);
        // Bound once: texts have the same codes in all row groups, and columns are looked up when a row is tested. Values that are not plain never come here.
        _sharedMatcher ??= new SpanMatcher(_selection, _shared);
        Offer(_shared, _sharedMatcher, newest);
    }

    static void Offer(SpanBatch batch, SpanMatcher matcher, NewestTraces newest)
    {
        if (!matcher.CanMatch)
            return;
        var starts = batch.Spans.Starts.Values;
        for (var row = 0; row < starts.Length; row++)
        {
            if (starts[row] >= newest.Horizon && matcher.Matches(row))
                newest.Offer(batch.Spans.TraceIds[row], starts[row]);
        }
    }

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
