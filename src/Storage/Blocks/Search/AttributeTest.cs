using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>An attribute under a key, on any of several owners, reads as a text. The first value under the key counts.</summary>
internal sealed class AttributeTest : RowTest
{
    readonly Block _block;
    readonly SpanCondition.AttributeIs _condition;
    readonly AskedText _text;
    readonly ScopeTest? _onScope;
    readonly ShapeTest _hasKey;
    readonly int _key;

    AttributeTest(Block block, BlockTables tables, SpanCondition.AttributeIs condition, AskedText text, ScopeTest? onScope, int key)
    {
        _block = block;
        _condition = condition;
        _text = text;
        _onScope = onScope;
        _key = key;
        _hasKey = ShapeTest.Of(tables, HasKey);
    }

    public override int Cost => 2;

    public static RowTest Of(Block block, BlockTables tables, SpanCondition.AttributeIs condition)
    {
        if (!tables.Dictionary.Strings.TryFind(condition.Key, out var key))
            return ShapeTest.Of(tables, _ => false);
        var onTables = condition.Owners & (AttributeOwners.Resource | AttributeOwners.Scope);
        var onScope = onTables == AttributeOwners.None ? null : ScopeTest.Of(tables, condition with { Owners = onTables });
        return new AttributeTest(block, tables, condition, new AskedText(condition.Text, tables.Dictionary.Strings), onScope, key);
    }

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group)
    {
        var onScope = _onScope is null ? false : _onScope.Decide(reader, group);
        if (onScope != false)
            return onScope;
        // Cheap, and enough where the text is unique.
        if (_text.IsOnlyString && !group.HasComposites && _text.IsNoSharedString && !_block.MayHaveOwn(group, _text.Hash))
            return false;
        if (_hasKey.Decide(reader, group) == false)
            return false;
        if (_text.CanBe(ValueKind.Empty))
            return null;
        foreach (var chunk in reader.Directory.Attributes)
        {
            if (chunk.Key.Code == _key && IsAsked(chunk.Key.Owner) && CanHold(chunk.Key.Kind, group))
                return null;
        }

        return false;
    }

    public override UnixNanos NewestOf(RowGroupReader reader, RowGroupInfo group)
    {
        var onScope = _onScope?.NewestOf(reader, group) ?? UnixNanos.MinValue;
        return _hasKey.NewestOf(reader, group) is var onSpan && onSpan > onScope ? onSpan : onScope;
    }

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        var found = new ulong[rows.Length];
        if (_onScope is not null)
        {
            rows.CopyTo(found);
            _onScope.Keep(reader, group, found);
        }

        if (reader.Shapes.Any(TakesFormatting))
            FindByMatcher(reader, group, found);
        else
            FindOnSpans(reader, group, found);
        for (var word = 0; word < rows.Length; word++)
            rows[word] &= found[word];
    }

    bool IsAsked(ValueOwner owner) => _condition.Owners.HasFlag(owner switch
    {
        ValueOwner.Span => AttributeOwners.Span,
        ValueOwner.Event => AttributeOwners.Event,
        _ => AttributeOwners.Link,
    });

    bool CanHold(ValueKind kind, RowGroupInfo group) =>
        _text.CanBe(kind) && (kind != ValueKind.String || !_text.IsNoSharedString || _block.MayHaveOwn(group, _text.Hash));

    void FindOnSpans(RowGroupReader reader, RowGroupInfo group, Span<ulong> found)
    {
        var ownCode = -1;
        if (_text.IsNoSharedString && _block.MayHaveOwn(group, _text.Hash))
            ownCode = _text.FindOwn(reader);
        for (var owner = ValueOwner.Span; owner <= ValueOwner.Link; owner++)
        {
            if (!IsAsked(owner))
                continue;
            var columns = new KeyColumns(reader, owner, _key);
            if (columns.Read(_text, ownCode))
                columns.Find(found);
        }
    }

    bool HasKey(SpanShape shape) =>
        (IsAsked(ValueOwner.Span) && shape.Attributes.Any(key => key.Code == _key))
        || (IsAsked(ValueOwner.Event) && shape.EventAttributes.Any(keys => keys.Any(key => key.Code == _key)))
        || (IsAsked(ValueOwner.Link) && shape.LinkAttributes.Any(keys => keys.Any(key => key.Code == _key)));

    bool TakesFormatting(SpanShape shape) =>
        (IsAsked(ValueOwner.Span) && shape.Attributes.Any(TakesFormatting))
        || (IsAsked(ValueOwner.Event) && shape.EventAttributes.Any(keys => keys.Any(TakesFormatting)))
        || (IsAsked(ValueOwner.Link) && shape.LinkAttributes.Any(keys => keys.Any(TakesFormatting)));

    bool TakesFormatting(ColumnKey key) => key.Code == _key && AskedText.TakesFormatting(key.Kind);

    // Arrays, maps and bytes are compared as text, which takes the values with all they contain; few are ever asked for.
    void FindByMatcher(RowGroupReader reader, RowGroupInfo group, Span<ulong> found)
    {
        var batch = reader.ReadWhole(group);
        var matcher = new SpanMatcher(new SpanSelection(TimeRange.All, [_condition]), batch);
        if (!matcher.CanMatch)
            return;
        for (var row = 0; row < group.Rows; row++)
        {
            if (matcher.Matches(row))
                found[row >> 6] |= 1UL << (row & 63);
        }
    }
}
