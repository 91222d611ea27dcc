using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>All expressions over one span that stand in a query, each behind its operands, and otherwise in the order in which they were written.</summary>
internal static class FieldExpressions
{
    public static IEnumerable<FieldExpression> Of(Query query) => query.Metrics is { } metrics ? Of(metrics) : Of(query.Spans!);

    public static IEnumerable<FieldExpression> Of(Pipeline pipeline) => pipeline.Stages.SelectMany(Of);

    static IEnumerable<FieldExpression> Of(PipelineStage stage) => stage switch
    {
        PipelineStage.Filter filter => Of(filter.Expression),
        PipelineStage.Combine combine => Of(combine.Left).Concat(Of(combine.Right)),
        PipelineStage.ScalarFilter scalar => Of(scalar.Left).Concat(Of(scalar.Right)),
        PipelineStage.GroupBy group => Of(group.Expression),
        PipelineStage.Select select => select.Fields.SelectMany(Of),
        _ => [],
    };

    static IEnumerable<FieldExpression> Of(ScalarExpression scalar) => scalar switch
    {
        ScalarExpression.Aggregate { Argument: { } argument } => Of(argument),
        ScalarExpression.Binary binary => Of(binary.Left).Concat(Of(binary.Right)),
        ScalarExpression.Piped piped => Of(piped.Pipeline).Concat(Of(piped.Last)),
        _ => [],
    };

    static IEnumerable<FieldExpression> Of(MetricsExpression metrics) => metrics switch
    {
        MetricsExpression.Aggregate aggregate => Of(aggregate),
        MetricsExpression.Compare compare => Of(compare.Spans).Concat(Of(compare.Selection)),
        MetricsExpression.Rank rank => Of(rank.Of),
        MetricsExpression.Compared compared => Of(compared.Of),
        MetricsExpression.Math math => Of(math.Left).Concat(Of(math.Right)),
        _ => [],
    };

    public static IEnumerable<FieldExpression> Of(MetricsExpression.Aggregate aggregate) =>
        Of(aggregate.Spans).Concat(aggregate.By.SelectMany(Of)).Concat(aggregate.Argument is { } argument ? Of(argument) : []);

    // Operators in a row lean to the left, and may be as many as a query has: they are walked, not entered.
    static List<FieldExpression> Of(FieldExpression expression)
    {
        var chain = new Stack<FieldExpression.Binary>();
        for (; expression is FieldExpression.Binary binary; expression = binary.Left)
            chain.Push(binary);
        List<FieldExpression> expressions = expression switch
        {
            FieldExpression.Negate negate => Of(negate.Operand),
            FieldExpression.Not not => Of(not.Operand),
            _ => [],
        };
        expressions.Add(expression);
        while (chain.TryPop(out var binary))
        {
            expressions.AddRange(Of(binary.Right));
            expressions.Add(binary);
        }

        return expressions;
    }
}
