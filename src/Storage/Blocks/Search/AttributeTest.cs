using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>An attribute under a key, on any of several owners, passes. The first value under the key counts.</summary>
internal sealed class AttributeTest : RowTest
{
    readonly Lazy<ValuePlaces> _own;
    readonly SearchTables _tables;
    readonly SpanCondition _condition;
    readonly AttributeOwners _owners;
    readonly AskedValue _value;
    readonly ScopeTest? _onScope;
    readonly Lazy<ShapeTest> _hasKey;
    readonly Lazy<BlockProjection> _matched;
    readonly int _key;

    AttributeTest(Block block, SearchTables tables, string key, int code, AttributeOwners owners, Func<AttributeOwners, SpanCondition> conditionOn, AskedValue value)
    {
        var onTables = owners & (AttributeOwners.Resource | AttributeOwners.Scope);
        (_tables, _key, _owners, _condition, _value) = (tables, code, owners, conditionOn(owners), value);
        _own = new Lazy<ValuePlaces>(() => block.FindValue(value.String!.Hash));
        _onScope = onTables == AttributeOwners.None ? null : ScopeTest.Of(tables, conditionOn(onTables));
        _hasKey = new Lazy<ShapeTest>(() => new ShapeTest(tables, shape => HasKey(shape, _ => true)));
        var fields = (HasAny(owners, AttributeOwners.Event) ? SpanFields.Events : SpanFields.None) | (HasAny(owners, AttributeOwners.Link) ? SpanFields.Links : SpanFields.None);
        _matched = new Lazy<BlockProjection>(() => new BlockProjection(new SpanProjection(fields) { AttributeKeys = [key] }, tables.Dictionary.Strings));
    }

    // A string that hardly any row group can have is looked for first: where it is not, nothing else is read.
    public override int Cost => _value is { IsOwnString: true, IsOnlyString: true } ? -1 : 2;

    public static RowTest Of(Block block, SearchTables tables, SpanCondition.AttributeIs asked) =>
        Of(block, tables, asked.Key, asked.Owners, owners => asked with { Owners = owners }, strings => new AskedText(asked.Text, strings));

    public static RowTest Of(Block block, SearchTables tables, SpanCondition.AttributeMatches asked) =>
        Of(block, tables, asked.Key, asked.Owners, owners => asked with { Owners = owners }, strings => new AskedTest(asked.Test, strings));

    static RowTest Of(
        Block block, SearchTables tables, string key, AttributeOwners owners, Func<AttributeOwners, SpanCondition> conditionOn, Func<StringTable, AskedValue> ask)
    {
        var strings = tables.Dictionary.Strings;
        return strings.TryFind(key, out var code) ? new AttributeTest(block, tables, key, code, owners, conditionOn, ask(strings)) : new NeverTest();
    }

    static bool HasAny(AttributeOwners owners, AttributeOwners asked) => (owners & asked) != AttributeOwners.None;

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        var marked = GroupBounds.None(_tables);
        _onScope?.Mark(marked, isMet);
        if (isMet)
            MarkOnSpans(marked, bounds);
        if (isMet || _onScope is not null)
            bounds.Meet(marked);
    }

    // A string that the block does not share can only be where the value index leads. Where that is nowhere, going through the places of all strings would be most of the search.
    void MarkOnSpans(GroupBounds marked, GroupBounds wanted)
    {
        if (!HasAny(_owners, AttributeOwners.Span | AttributeOwners.Event | AttributeOwners.Link))
            return;
        var strings = !_value.IsOwnString ? marked : _own.Value.IsNowhere ? null : GroupBounds.None(_tables);
        if (strings is not null)
            MarkShapes(strings, kind => _value.CanBe(kind) && _value.TakesString(kind));
        MarkShapes(marked, kind => _value.CanBe(kind) && !_value.TakesString(kind));
        foreach (var number in _tables.Uses.WithOwnShapes)
            (TakesString(_tables.Index.Groups[number]) ? strings : marked)?.Raise(number, UnixNanos.MaxValue);
        if (!_value.IsOwnString || strings is null)
            return;
        foreach (var group in _tables.Index.Groups)
        {
            if (strings[group.Number] is { } newest && wanted.Has(group.Number) && _own.Value.MayBeIn(group))
                marked.Raise(group.Number, newest);
        }
    }

    bool TakesString(RowGroupInfo group) => _value.IsOnlyString && (!group.HasComposites || _value.TakesString(ValueKind.Array));

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
        if (_value.CanBe(ValueKind.Empty))
            return null;
        var mayHaveString = !_value.IsOwnString || FindOwn(reader, group) >= 0;
        foreach (var chunk in reader.Directory.Attributes)
        {
            if (chunk.Key.Code == _key && IsAsked(chunk.Key.Owner) && _value.CanBe(chunk.Key.Kind) && (mayHaveString || !_value.TakesString(chunk.Key.Kind)))
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

        if (Array.Exists(reader.Shapes, shape => HasKey(shape, _value.TakesMatcher)))
            FindByMatcher(reader, group, found);
        else
            FindOnSpans(reader, group, found);
        for (var word = 0; word < rows.Length; word++)
            rows[word] &= found[word];
    }

    int FindOwn(RowGroupReader reader, RowGroupInfo group) =>
        _value.IsOwnString && _own.Value.MayBeIn(group) ? _value.String!.FindOwn(reader) : -1;

    bool IsAsked(ValueOwner owner) => HasAny(_owners, owner switch
    {
        ValueOwner.Span => AttributeOwners.Span,
        ValueOwner.Event => AttributeOwners.Event,
        _ => AttributeOwners.Link,
    });

    void FindOnSpans(RowGroupReader reader, RowGroupInfo group, Span<ulong> found)
    {
        var ownCode = FindOwn(reader, group);
        for (var owner = ValueOwner.Span; owner <= ValueOwner.Link; owner++)
        {
            if (!IsAsked(owner))
                continue;
            var columns = new KeyColumns(reader, owner, _key);
            if (columns.Read(_value, ownCode))
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

    // What arrays and maps contain is not in the order of their owners; few are ever asked for.
    void FindByMatcher(RowGroupReader reader, RowGroupInfo group, Span<ulong> found)
    {
        var batch = new SpanBatch();
        new RowGroupDecoder(reader, _matched.Value).Append(0, group.Rows, new BatchTarget(reader.Tables.Dictionary, batch));
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
