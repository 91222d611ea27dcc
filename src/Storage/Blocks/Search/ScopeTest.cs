using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>A condition on the scope, or the resource, of a span: decided once per scope of the block.</summary>
internal sealed class ScopeTest : RowTest
{
    readonly SearchTables _tables;
    readonly bool[] _passes;

    ScopeTest(SearchTables tables, bool[] passes) => (_tables, _passes) = (tables, passes);

    public override int Cost => 1;

    /// <param name="condition">Asks for nothing else of a span.</param>
    public static ScopeTest Of(SearchTables tables, SpanCondition condition)
    {
        var passes = new bool[tables.Dictionary.Scopes.Count];
        var matcher = new SpanMatcher(new SpanSelection(TimeRange.All, [condition]), tables.SpanPerScope);
        for (var scope = 0; scope < passes.Length; scope++)
            passes[scope] = matcher.CanMatch && matcher.Matches(scope);
        return new ScopeTest(tables, passes);
    }

    public override void Limit(GroupBounds bounds, bool isMet)
    {
        var marked = GroupBounds.None(_tables);
        Mark(marked, isMet);
        bounds.Meet(marked);
    }

    /// <summary>Raises the bounds of row groups with rows that meet the condition.</summary>
    public void Mark(GroupBounds marked, bool isMet) => marked.RaiseWhere(_tables.Uses.Scopes, _passes, isMet);

    public override bool? Decide(RowGroupReader reader, RowGroupInfo group)
    {
        var passing = 0;
        foreach (var scope in reader.Directory.Scopes)
            passing += Passes(scope.Number) ? 1 : 0;
        return passing == 0 ? false : passing == reader.Directory.Scopes.Count ? true : null;
    }

    public override UnixNanos NewestIn(RowGroupDirectory directory) => RowGroupDirectory.Used.Newest(directory.Scopes, _passes);

    public override void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows)
    {
        if (reader.TryOpen(ColumnId.Scopes, group.Rows, out var column))
            column.KeepWhere(new MemberTest(_passes), rows);
        else if (_passes.Length == 0 || !_passes[0])
            rows.Clear();
    }

    bool Passes(int scope) => scope < _passes.Length && _passes[scope];
}
