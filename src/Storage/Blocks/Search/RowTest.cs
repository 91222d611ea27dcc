using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>A condition bound to one block: what it comes to for a row group, and for its rows.</summary>
internal abstract class RowTest
{
    /// <summary>Tests that read less come first.</summary>
    public abstract int Cost { get; }

    /// <summary>What can be said without reading a column: true for all rows, false for none, or null: look.</summary>
    public abstract bool? Decide(RowGroupReader reader, RowGroupInfo group);

    /// <summary>No row that meets the condition starts later than this, going by the directory; only asked where <see cref="Decide"/> does not say false.</summary>
    public virtual UnixNanos NewestOf(RowGroupReader reader, RowGroupInfo group) => group.StartMax;

    /// <summary>Removes the rows that do not meet the condition.</summary>
    /// <param name="rows">See <see cref="RowBits"/>.</param>
    /// <exception cref="CorruptFileException">A column that it takes is damaged.</exception>
    public abstract void Keep(RowGroupReader reader, RowGroupInfo group, Span<ulong> rows);

    public static RowTest Of(Block block, BlockTables tables, SpanCondition condition) => condition switch
    {
        SpanCondition.ServiceIs service => ScopeTest.Of(tables, service),
        SpanCondition.NameIs name => tables.Dictionary.Strings.TryFind(name.Name, out var code) ? ShapeTest.Of(tables, shape => shape.Name == code) : ShapeTest.Of(tables, _ => false),
        SpanCondition.KindIs kind => ShapeTest.Of(tables, shape => shape.Kind == kind.Kind),
        SpanCondition.StatusIs status => ShapeTest.Of(tables, shape => shape.Status == status.Status),
        SpanCondition.DurationBetween duration => new DurationTest(duration.NanosMin, duration.NanosMax),
        SpanCondition.AttributeIs attribute => AttributeTest.Of(block, tables, attribute),
        SpanCondition.AnyOf any => new AnyTest([.. any.Conditions.Select(inner => Of(block, tables, inner))]),
        SpanCondition.Not not => new NotTest(Of(block, tables, not.Condition)),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "A condition without a test."),
    };
}
