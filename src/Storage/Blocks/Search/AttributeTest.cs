using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>An attribute under a key, on any of several owners, reads as a text. The first value under the key counts.</summary>
internal sealed class AttributeTest : RowTest
{
    readonly Block _block;
    readonly BlockTables _tables;
    readonly SpanCondition.AttributeIs _condition;
    readonly AskedText _text;
    readonly ScopeTest? _onScope;
    readonly ShapeTest _hasKey;
    readonly int _key;

    AttributeTest(Block block, BlockTables tables, SpanCondition.AttributeIs condition, int key)
    {
        var onTables = condition.Owners & (AttributeOwners.Resource | AttributeOwners.Scope);
        (_block, _tables, _condition, _key) = (block, tables, condition, key);
        _text = new AskedText(condition.Text, tables.Dictionary.Strings);
        _onScope = onTables == AttributeOwners.None ? null : ScopeTest.Of(tables, condition with { Owners = onTables });
        _hasKey = new ShapeTest(tables, shape => HasKey(shape, _ => true));
    }

    public override int Cost => 2;

    public static RowTest Of(Block block, BlockTables tables, SpanCondition.AttributeIs condition) =>
        tables.Dictionary.Strings.TryFind(condition.Key, out var key) ? new AttributeTest(block, tables, condition, key) : new NeverTest();

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        var marked = GroupBounds.None(_tables);
        _onScope?.Mark(marked, isMet);
        if (isMet)
            MarkOnSpans(marked, bounds);
        if (isMet || _onScope is not null)
            bounds.Meet(marked);
    }

    // A string that the block does not share can only be where a row group's filter has it; asking them all is what takes time.
    void MarkOnSpans(GroupBounds marked, GroupBounds wanted)
    {
        var isOwn = _text.IsNoSharedString;
        var strings = isOwn ? GroupBounds.None(_tables) : marked;
        MarkShapes(strings, kind => kind == ValueKind.String);
        MarkShapes(marked, kind => kind != ValueKind.String && _text.CanBe(kind));
        foreach (var number in _tables.Uses.WithOwnShapes)
            (isOwn && _text.IsOnlyString && !_tables.Index.Groups[number].HasComposites ? strings : marked).Raise(number, UnixNanos.MaxValue);
        for (var number = 0; isOwn && number < strings.Count; number++)
        {
            if (wanted.Has(number) && strings[number] is { } newest && _block.MayHaveOwn(_tables.Index.Groups[number], _text.Hash))
                marked.Raise(number, newest);
        }
    }

    void MarkShapes(GroupBounds marked, Func<ValueKind, bool> isAsked) => new ShapeTest(_tables, shape => HasKey(shape, isAsked)).Mark(marked, isMet: true);

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

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        var found = new ulong[rows.Length];
        if (_onScope is not null)
        {
            rows.CopyTo(found);
            _onScope.Keep(reader, group, found);
        }

        if (Array.Exists(reader.Shapes, shape => HasKey(shape, AskedText.TakesFormatting)))
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

    // The key on an owner that is asked for, with a value of such a kind.
    bool HasKey(SpanShape shape, Func<ValueKind, bool> isAsked)
    {
        if (IsAsked(ValueOwner.Span) && HasKey(shape.Attributes, isAsked))
            return true;
        return (IsAsked(ValueOwner.Event) && HasKey(shape.EventAttributes, isAsked)) || (IsAsked(ValueOwner.Link) && HasKey(shape.LinkAttributes, isAsked));
    }

    bool HasKey(ColumnKey[][] parts, Func<ValueKind, bool> isAsked)
    {
        foreach (var keys in parts)
        {
            if (HasKey(keys, isAsked))
                return true;
        }

        return false;
    }

    bool HasKey(ColumnKey[] keys, Func<ValueKind, bool> isAsked)
    {
        foreach (var key in keys)
        {
            if (key.Code == _key && isAsked(key.Kind))
                return true;
        }

        return false;
    }

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
