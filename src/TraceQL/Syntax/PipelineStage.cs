using System.Collections.Immutable;

namespace Clew.TraceQL.Syntax;

/// <summary>A step of a pipeline: takes the spansets of a trace and leaves others. <c>ToString</c> is the canonical text.</summary>
public abstract record PipelineStage
{
    PipelineStage()
    {
    }

    public TextPosition At { get; init; }

    public sealed override string ToString() => CanonicalText.Of(this);

    /// <summary><c>{ expression }</c>; <c>{ }</c> is <c>{ true }</c>.</summary>
    public sealed record Filter(FieldExpression Expression) : PipelineStage;

    /// <summary>Two steps, each over the same spansets, put together: <c>{ a } &gt;&gt; { b }</c>, or pipelines in parentheses.</summary>
    public sealed record Combine(SpansetOperator Operator, Pipeline Left, Pipeline Right) : PipelineStage;

    /// <summary><c>count() &gt; 2</c>.</summary>
    public sealed record ScalarFilter(ScalarExpression Left, BinaryOperator Comparison, ScalarExpression Right) : PipelineStage;

    public sealed record GroupBy(FieldExpression Expression) : PipelineStage;

    public sealed record Coalesce : PipelineStage;

    public sealed record Select(ImmutableArray<FieldExpression> Fields) : PipelineStage;
}
