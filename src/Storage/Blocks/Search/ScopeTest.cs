using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>A condition on the scope, or the resource, of a span: decided once per scope of the block.</summary>
internal sealed class ScopeTest : RowTest
{
    readonly bool[] _passes;

    ScopeTest(bool[] passes) => _passes = passes;

    public override int Cost => 1;

    /// <param name="condition">Asks for nothing else of a span.</param>
    public static ScopeTest Of(BlockTables tables, SpanCondition condition)
    {
        var passes = new bool[tables.Dictionary.Scopes.Count];
        var matcher = new SpanMatcher(new SpanSelection(TimeRange.All, [condition]), SpanPerScope(tables.Dictionary));
        for (var scope = 0; scope < passes.Length; scope++)
            passes[scope] = matcher.CanMatch && matcher.Matches(scope);
        return new ScopeTest(passes);
    }

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group)
    {
        var passing = 0;
        foreach (var scope in reader.Directory.Scopes)
            passing += Passes(scope.Number) ? 1 : 0;
        return passing == 0 ? false : passing == reader.Directory.Scopes.Count ? true : null;
    }

    public override UnixNanos NewestOf(RowGroupReader reader, RowGroupInfo group)
    {
        var newest = UnixNanos.MinValue;
        foreach (var scope in reader.Directory.Scopes)
            newest = scope.StartMax > newest && Passes(scope.Number) ? scope.StartMax : newest;
        return newest;
    }

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        if (reader.TryOpen(ColumnId.Scopes, group.Rows, out var column))
            column.KeepWhere(new MemberTest(_passes), rows);
        else if (_passes.Length == 0 || !_passes[0])
            rows.Clear();
    }

    bool Passes(int scope) => scope < _passes.Length && _passes[scope];

    static SpanBatch SpanPerScope(SpanBatch dictionary)
    {
        var batch = new SpanBatch(dictionary.Strings, dictionary.Resources, dictionary.Scopes);
        for (var row = 0; row < dictionary.Nested.Count; row++)
            batch.Nested.Set(batch.Nested.Append(1), dictionary.Nested.Keys[row], dictionary.Nested.Values[row]);
        for (var scope = 0; scope < dictionary.Scopes.Count; scope++)
            batch.EndSpan(new SpanRow { Scope = scope });
        return batch;
    }
}
