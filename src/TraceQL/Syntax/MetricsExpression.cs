using System.Collections.Immutable;

namespace Clew.TraceQL.Syntax;

/// <summary>Time series worked out of spans. <c>ToString</c> is the canonical text.</summary>
public abstract record MetricsExpression
{
    MetricsExpression()
    {
    }

    public TextPosition At { get; init; }

    public sealed override string ToString() => CanonicalText.Of(this);

    /// <param name="Argument">Null for <c>rate()</c> and <c>count_over_time()</c>.</param>
    public sealed record Aggregate(
        Pipeline Spans, MetricsFunction Function, FieldExpression? Argument, ImmutableArray<double> Quantiles, ImmutableArray<FieldExpression> By) : MetricsExpression;

    /// <param name="StartNanos">With <paramref name="EndNanos"/>: when a span must start to be of the selection; 0 and 0 when not given.</param>
    public sealed record Compare(Pipeline Spans, PipelineStage.Filter Selection, int Top, long StartNanos, long EndNanos) : MetricsExpression;

    /// <summary><c>| topk(n)</c> or <c>| bottomk(n)</c>.</summary>
    public sealed record Rank(MetricsExpression Of, bool Top, int Count) : MetricsExpression;

    /// <summary><c>| &gt; v</c>: drops samples.</summary>
    public sealed record Compared(MetricsExpression Of, BinaryOperator Comparison, Value Bound) : MetricsExpression;

    public sealed record Math(BinaryOperator Operator, MetricsExpression Left, MetricsExpression Right) : MetricsExpression;

    /// <summary>A number as an operand of <see cref="Math"/>.</summary>
    public sealed record Number(Value Value) : MetricsExpression;
}
