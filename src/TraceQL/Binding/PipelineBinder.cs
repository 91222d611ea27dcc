using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Operators.Relations;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Makes pipelines ready to be taken. What it returns is for one thread: each binds its own.</summary>
internal static class PipelineBinder
{
    public static PipelineOperator Bind(Pipeline pipeline) =>
        pipeline.Stages.Length == 1 ? Bind(pipeline.Stages[0]) : new PipelineSteps([.. pipeline.Stages.Select(Bind)]);

    static PipelineOperator Bind(PipelineStage stage) => stage switch
    {
        PipelineStage.Filter filter => new FilterOperator(FieldBinder.Bind(filter.Expression)),
        PipelineStage.Combine combine => Bind(combine.Operator, Bind(combine.Left), Bind(combine.Right)),
        PipelineStage.ScalarFilter scalar => Bind(scalar),
        PipelineStage.GroupBy group => new GroupByOperator(FieldBinder.Bind(group.Expression), $"by({group.Expression})"),
        PipelineStage.Coalesce => new CoalesceOperator(),
        PipelineStage.Select => new SelectOperator(),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "A step without a meaning."),
    };

    static ScalarFilterOperator Bind(PipelineStage.ScalarFilter filter)
    {
        var (pipeline, aggregate) = filter.Left switch
        {
            ScalarExpression.Aggregate direct => (null, direct),
            ScalarExpression.Piped piped => (Bind(piped.Pipeline), piped.Last),
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "An aggregate that is calculated with: binding refuses it."),
        };
        var bound = ((ScalarExpression.Constant)filter.Right).Value;
        var argument = aggregate.Argument is null ? null : FieldBinder.Bind(aggregate.Argument);
        return new ScalarFilterOperator(pipeline, new SpansetAggregate(aggregate.Function, argument), aggregate.ToString(), filter.Comparison, bound);
    }

    static PipelineOperator Bind(SpansetOperator how, PipelineOperator left, PipelineOperator right) => how switch
    {
        SpansetOperator.And => new UnionOperator(left, right, needsBoth: true),
        SpansetOperator.Or => new UnionOperator(left, right, needsBoth: false),
        _ => new RelationOperator(left, right, RelationOf(how), IsNegated(how), IsUnion(how)),
    };

    static SpanRelation RelationOf(SpansetOperator how) => how switch
    {
        SpansetOperator.Child or SpansetOperator.NotChild or SpansetOperator.UnionChild => new ChildRelation(),
        SpansetOperator.Parent or SpansetOperator.NotParent or SpansetOperator.UnionParent => new ParentRelation(),
        SpansetOperator.Descendant or SpansetOperator.NotDescendant or SpansetOperator.UnionDescendant => new DescendantRelation(),
        SpansetOperator.Ancestor or SpansetOperator.NotAncestor or SpansetOperator.UnionAncestor => new AncestorRelation(),
        SpansetOperator.Sibling or SpansetOperator.NotSibling or SpansetOperator.UnionSibling => new SiblingRelation(),
        _ => throw new ArgumentOutOfRangeException(nameof(how), how, "Not a relation."),
    };

    public static bool IsNegated(SpansetOperator how) => how
        is SpansetOperator.NotChild or SpansetOperator.NotParent or SpansetOperator.NotDescendant or SpansetOperator.NotAncestor or SpansetOperator.NotSibling;

    static bool IsUnion(SpansetOperator how) => how
        is SpansetOperator.UnionChild or SpansetOperator.UnionParent or SpansetOperator.UnionDescendant or SpansetOperator.UnionAncestor or SpansetOperator.UnionSibling;
}
