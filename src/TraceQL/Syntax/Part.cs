namespace Clew.TraceQL.Syntax;

/// <summary>A part of a query outside of braces, while it is read. Only the member that fits <see cref="Kind"/> is there.</summary>
sealed record Part(PartKind Kind, TextPosition At)
{
    public Value Value { get; init; }

    public ScalarExpression? Scalar { get; init; }

    public Pipeline? Pipeline { get; init; }

    public MetricsExpression? Metrics { get; init; }

    public bool IsSpanset => Kind is PartKind.Spanset or PartKind.WrappedSpanset;

    public bool IsWrapped => Kind is PartKind.WrappedSpanset or PartKind.WrappedPipeline;

    public static Part Of(PartKind kind, PipelineStage stage) => new(kind, stage.At) { Pipeline = new Pipeline([stage]) };

    /// <summary>The part as an operand of arithmetic or of a comparison.</summary>
    public ScalarExpression AsScalar() => Scalar ?? new ScalarExpression.Constant(Value) { At = At };

    public MetricsExpression AsMetrics() => Metrics ?? new MetricsExpression.Number(Value) { At = At };
}
