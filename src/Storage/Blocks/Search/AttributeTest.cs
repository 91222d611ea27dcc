using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>An attribute under a key, on any of several owners, reads as a text. The first value under the key counts.</summary>
internal sealed class AttributeTest : RowTest
{
    readonly Block _block;
    readonly SearchTables _tables;
    readonly SpanCondition.AttributeIs _condition;
    readonly AskedText _text;
    readonly ScopeTest? _onScope;
    readonly Lazy<ShapeTest> _hasKey;
    readonly int _key;

    AttributeTest(Block block, SearchTables tables, SpanCondition.AttributeIs condition, int key)
    {
        var onTables = condition.Owners & (AttributeOwners.Resource | AttributeOwners.Scope);
        (_block, _tables, _condition, _key) = (block, tables, condition, key);
        _text = new AskedText(condition.Text, tables.Dictionary.Strings);
        _onScope = onTables == AttributeOwners.None ? null : ScopeTest.Of(tables, condition with { Owners = onTables });
        _hasKey = new Lazy<ShapeTest>(() => new ShapeTest(tables, shape => HasKey(shape, _ => true)));
    }

    // A string that hardly any row group can have is looked for first: where it is not, nothing else is read.
    public override int Cost => IsOwnString ? -1 : 2;

    // Only a row group's own strings can be the text.
    bool IsOwnString => _text.IsOnlyString && _text.IsNoSharedString;

    public static RowTest Of(Block block, SearchTables tables, SpanCondition.AttributeIs condition) =>
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

    // A string that the block does not share can only be where a row group's filter has it.
    void MarkOnSpans(GroupBounds marked, GroupBounds wanted)
    {
        var isOwn = _text.IsNoSharedString;
        var strings = isOwn ? GroupBounds.None(_tables) : marked;
        MarkShapes(strings, kind => kind == ValueKind.String);
        MarkShapes(marked, kind => kind != ValueKind.String && _text.CanBe(kind));
        foreach (var number in _tables.Uses.WithOwnShapes)
            (IsOwnString && !_tables.Index.Groups[number].HasComposites ? strings : marked).Raise(number, UnixNanos.MaxValue);
        if (!isOwn)
            return;
        foreach (var group in _block.GroupsThatMayHaveOwn(_text.Hash, number => wanted.Has(number) && strings.Has(number)))
            marked.Raise(group, strings[group]!.Value);
    }

    void MarkShapes(GroupBounds marked, Func<ValueKind, bool> isAsked)
    {
        foreach (var shape in _tables.Keys[_key])
        {
            if (HasKey(_tables.Shapes[shape], isAsked))
                marked.RaiseWhere(_tables.Uses.Shapes, shape);
        }
    }

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group)
    {
        var onScope = _onScope is null ? false : _onScope.Decide(reader, group);
        if (onScope != false)
            return onScope;
        if (_hasKey.Value.Decide(reader, group) == false)
            return false;
        if (_text.CanBe(ValueKind.Empty))
            return null;
        var mayBeString = !_text.IsNoSharedString || (_block.MayHaveOwn(group, _text.Hash) && _text.FindOwn(reader) >= 0);
        foreach (var chunk in reader.Directory.Attributes)
        {
            if (chunk.Key.Code == _key && IsAsked(chunk.Key.Owner) && (chunk.Key.Kind == ValueKind.String ? mayBeString : _text.CanBe(chunk.Key.Kind)))
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

    void FindOnSpans(RowGroupReader reader, RowGroupInfo group, Span<ulong> found)
    {
        var ownCode = _text.IsNoSharedString && _block.MayHaveOwn(group, _text.Hash) ? _text.FindOwn(reader) : -1;
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
