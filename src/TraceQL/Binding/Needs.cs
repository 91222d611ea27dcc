using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>What must be read to work out a query, or a part of it.</summary>
/// <param name="Trace">Spans alone do not tell: their whole trace must be there.</param>
internal sealed record Needs(SpanProjection Projection, bool Trace)
{
    static readonly Needs Nothing = new(new SpanProjection(SpanFields.None), Trace: false);

    public Needs And(Needs other) => new(Projection.And(other.Projection), Trace || other.Trace);

    public Needs And(SpanFields fields) => this with { Projection = Projection.And(new SpanProjection(fields)) };

    public static Needs Of(FieldExpression? expression)
    {
        // Operators in a row lean to the left, and may be as many as a query has: they are walked, not entered.
        var needs = Nothing;
        for (; expression is FieldExpression.Binary binary && !FieldBinder.AsksForRoot(FieldBinder.Canonical(binary)); expression = binary.Left)
            needs = needs.And(Of(binary.Right));
        return needs.And(OfOperand(expression));
    }

    static Needs OfOperand(FieldExpression? expression) => expression switch
    {
        null or FieldExpression.Constant => Nothing,
        FieldExpression.Attribute attribute => Of(attribute),
        FieldExpression.Field { Intrinsic: var intrinsic } => new Needs(new SpanProjection(Intrinsics.Fields(intrinsic)), Intrinsics.NeedTrace(intrinsic)),
        FieldExpression.Negate negate => Of(negate.Operand),
        FieldExpression.Not not => Of(not.Operand),
        // Asks whether the span is a root.
        FieldExpression.Binary => Nothing.And(SpanFields.SpanIds | SpanFields.ParentSpanIds),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "An expression without a meaning."),
    };

    public static Needs Of(Pipeline pipeline) => pipeline.Stages.Aggregate(Nothing, (needs, stage) => needs.And(Of(stage)));

    /// <summary>Whether each step looks at one span at a time.</summary>
    static Needs Of(PipelineStage stage) => stage switch
    {
        PipelineStage.Filter filter => Of(filter.Expression),
        PipelineStage.Combine combine => Of(combine),
        PipelineStage.ScalarFilter scalar => Of(scalar.Left).And(Of(scalar.Right)) with { Trace = true },
        PipelineStage.GroupBy group => Of(group.Expression) with { Trace = true },
        PipelineStage.Coalesce => Nothing,
        PipelineStage.Select select => OfAll(select.Fields),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "A step without a meaning."),
    };

    static Needs Of(PipelineStage.Combine combine)
    {
        var both = Of(combine.Left).And(Of(combine.Right)) with { Trace = true };
        return combine.Operator is SpansetOperator.And or SpansetOperator.Or ? both : both.And(Intrinsics.Tree);
    }

    public static Needs OfAll(ImmutableArray<FieldExpression> expressions) =>
        expressions.Aggregate(Nothing, (needs, expression) => needs.And(Of(expression)));

    static Needs Of(ScalarExpression scalar) => scalar switch
    {
        ScalarExpression.Constant => Nothing,
        ScalarExpression.Aggregate aggregate => Of(aggregate.Argument),
        ScalarExpression.Binary binary => Of(binary.Left).And(Of(binary.Right)),
        ScalarExpression.Piped piped => Of(piped.Pipeline).And(Of(piped.Last)),
        _ => throw new ArgumentOutOfRangeException(nameof(scalar), scalar, "A scalar without a meaning."),
    };

    static Needs Of(FieldExpression.Attribute attribute) => attribute.Scope switch
    {
        AttributeScope.None or AttributeScope.Span => Nothing with { Projection = Nothing.Projection with { AttributeKeys = [attribute.Name] } },
        AttributeScope.Event => Nothing.And(SpanFields.Events),
        AttributeScope.Link => Nothing.And(SpanFields.Links),
        _ => Nothing,
    };
}
