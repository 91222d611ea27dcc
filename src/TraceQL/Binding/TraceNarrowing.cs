using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>What a store can narrow by when whole traces are asked for: for each of the lists, a trace that matches has a span that meets all of its conditions.</summary>
/// <param name="Only">The one trace that can match; null when it may be any.</param>
internal sealed record TraceNarrowing(ImmutableArray<ImmutableArray<SpanCondition>> Each, TraceId? Only)
{
    // Each is asked for on its own; more of them would cost more than they narrow.
    const int ListsMax = 8;

    static readonly TraceNarrowing Nothing = new([], Only: null);

    public static TraceNarrowing Of(Pipeline pipeline)
    {
        var narrowing = Nothing;
        foreach (var stage in pipeline.Stages)
            narrowing = narrowing.And(Of(stage));
        return narrowing;
    }

    /// <summary>Whether no trace at all can match.</summary>
    public bool IsNever => Each.Any(conditions => conditions.Any(condition => condition is SpanCondition.AnyOf { Conditions.IsEmpty: true }));

    /// <summary>The same, with patterns that end with a query.</summary>
    public TraceNarrowing For(ReadMeter meter) => this with { Each = [.. Each.Select(conditions => EndingPatterns.In(conditions, meter))] };

    TraceNarrowing And(TraceNarrowing other) => new([.. Each.Concat(other.Each).Take(ListsMax)], Only ?? other.Only);

    static TraceNarrowing Of(PipelineStage stage) => stage switch
    {
        PipelineStage.Filter filter => Of(filter.Expression),
        PipelineStage.Combine combine => Of(combine),
        PipelineStage.ScalarFilter { Left: ScalarExpression.Piped piped } => Of(piped.Pipeline),
        _ => Nothing,
    };

    static TraceNarrowing Of(PipelineStage.Combine combine) => combine.Operator switch
    {
        SpansetOperator.Or => Of(combine.Left).Or(Of(combine.Right)),
        // The left side of a negation may be empty.
        var how when PipelineBinder.IsNegated(how) => Of(combine.Right),
        _ => Of(combine.Left).And(Of(combine.Right)),
    };

    // One span of either kind is there; of several lists of a side, any will do.
    TraceNarrowing Or(TraceNarrowing other) => Each.IsEmpty || other.Each.IsEmpty ? Nothing : new([[new SpanCondition.AnyOf([AllOf(Each[0]), AllOf(other.Each[0])])]], Only: null);

    static TraceNarrowing Of(FieldExpression filter)
    {
        var lists = new List<ImmutableArray<SpanCondition>>();
        if (FieldNarrowing.Of(filter).ToConditions() is { IsEmpty: false } conditions)
            lists.Add(conditions);
        TraceId? only = null;
        foreach (var part in Parts(filter))
        {
            if (part is not FieldExpression.Binary binary || FieldBinder.Canonical(binary) is not { Left: FieldExpression.Field field, Right: FieldExpression.Constant { Value: { Type: ValueType.Text } value } } asked)
                continue;
            if (field.Intrinsic == Intrinsic.TraceId && asked.Operator == BinaryOperator.Equal && TraceId.TryParse(value.Text, out var id))
                only = id;
            else if (RootCondition(field.Intrinsic, asked.Operator, value) is { } root)
                lists.Add([new SpanCondition.IsRoot(), root]);
        }

        return new TraceNarrowing([.. lists], only);
    }

    static SpanCondition? RootCondition(Intrinsic intrinsic, BinaryOperator comparison, Value value) => (intrinsic, comparison) switch
    {
        (Intrinsic.RootName, BinaryOperator.Equal) => new SpanCondition.NameIs(value.Text),
        (Intrinsic.RootName, BinaryOperator.Like) => IntrinsicNarrowing.Of(Intrinsic.Name, comparison, value).Condition,
        (Intrinsic.RootServiceName, BinaryOperator.Equal) => new SpanCondition.ServiceIs(value.Text),
        _ => null,
    };

    static SpanCondition AllOf(ImmutableArray<SpanCondition> conditions) => conditions.Length == 1 ? conditions[0] : new SpanCondition.AllOf(conditions);

    static IEnumerable<FieldExpression> Parts(FieldExpression filter) =>
        filter is FieldExpression.Binary { Operator: BinaryOperator.And } both ? Parts(both.Left).Concat(Parts(both.Right)) : [filter];
}
