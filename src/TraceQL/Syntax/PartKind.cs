namespace Clew.TraceQL.Syntax;

/// <summary>What a part of a query is, outside of braces. It decides which operators it may meet.</summary>
enum PartKind : byte
{
    /// <summary>A number or a duration.</summary>
    Constant,

    /// <summary><c>count()</c>, <c>max(.a) + 1</c>.</summary>
    Scalar,

    /// <summary><c>({ … } | count())</c>, and arithmetic of these.</summary>
    PipedScalar,

    /// <summary><c>{ … }</c>, and combinations that are not all in parentheses.</summary>
    Spanset,

    /// <summary><c>({ … })</c>: as good as a pipeline in parentheses.</summary>
    WrappedSpanset,

    /// <summary><c>({ … } | { … })</c>, and combinations of these: takes no further steps.</summary>
    WrappedPipeline,

    /// <summary>A single step that is no operand: <c>count() &gt; 2</c>, <c>by(.a)</c>.</summary>
    Step,

    /// <summary><c>({ … } | count()) &gt; 2</c>: a whole query.</summary>
    PipedFilter,

    /// <summary>Several steps outside of parentheses.</summary>
    Pipeline,

    /// <summary><c>{ … } | rate()</c>.</summary>
    Metrics,

    /// <summary>The same in parentheses, and arithmetic of these.</summary>
    WrappedMetrics,
}
