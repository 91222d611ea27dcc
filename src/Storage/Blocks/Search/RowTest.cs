using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>A condition bound to one block: what it comes to for a row group, and for its rows.</summary>
internal abstract class RowTest
{
    /// <summary>Tests that read less come first.</summary>
    public abstract int Cost { get; }

    /// <summary>Lowers the bounds of row groups to what rows that meet the condition can reach.</summary>
    /// <param name="isMet">False for the contrary: rows that do not meet it.</param>
    public abstract void Limit(GroupBounds bounds, bool isMet);

    /// <summary>What can be said of a row group that is open without reading a column: true for all rows, false for none, or null: look.</summary>
    public abstract bool? Decide(RowGroupReader reader, RowGroupInfo group);

    /// <summary>No row of a row group that is open starts later and meets the condition.</summary>
    public virtual UnixNanos NewestIn(RowGroupDirectory directory) => UnixNanos.MaxValue;

    /// <summary>Removes the rows that do not meet the condition.</summary>
    /// <param name="rows">See <see cref="RowBits"/>.</param>
    /// <exception cref="CorruptFileException">A column that it takes is damaged.</exception>
    public abstract void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows);

    /// <summary>The conditions of a selection, those that read less first.</summary>
    public static RowTest[] AllOf(Block block, SpanSelection selection)
    {
        var tables = block.SearchTables;
        return [.. selection.Conditions.Select(condition => Of(block, tables, condition)).OrderBy(test => test.Cost)];
    }

    static RowTest Of(Block block, SearchTables tables, SpanCondition condition) => condition switch
    {
        SpanCondition.ServiceIs service => ScopeTest.Of(tables, service),
        SpanCondition.NameIs name => tables.Dictionary.Strings.TryFind(name.Name, out var code) ? new ShapeTest(tables, shape => shape.Name == code) : new NeverTest(),
        SpanCondition.KindIs kind => new ShapeTest(tables, shape => shape.Kind == kind.Kind),
        SpanCondition.StatusIs status => new ShapeTest(tables, shape => shape.Status == status.Status),
        SpanCondition.DurationBetween duration => new DurationTest(tables, duration.NanosMin, duration.NanosMax),
        SpanCondition.AttributeIs attribute => AttributeTest.Of(block, tables, attribute),
        SpanCondition.NameMatches name => NameTest(tables, name.Test),
        SpanCondition.AttributeMatches attribute => AttributeTest.Of(block, tables, attribute),
        SpanCondition.IsRoot => new RootTest(),
        SpanCondition.AllOf all => new AllTest(tables, [.. all.Conditions.Select(inner => Of(block, tables, inner))]),
        SpanCondition.AnyOf any => new AnyTest(tables, [.. any.Conditions.Select(inner => Of(block, tables, inner))]),
        SpanCondition.Not not => new NotTest(Of(block, tables, not.Condition)),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "A condition without a test."),
    };

    static ShapeTest NameTest(SearchTables tables, TextTest test)
    {
        var answers = new TextAnswers(test, tables.Dictionary.Strings);
        return new ShapeTest(tables, shape => answers.OfShared(shape.Name));
    }
}
