using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Syntax;

namespace Clew.Server.Jaeger.Performance;

/// <summary>What the engine is asked: counts of the spans of some services and kinds, as <c>{ … } | count_over_time() by (resource.service.name)</c>.</summary>
internal static class PerformanceQuery
{
    public static readonly FieldExpression
        Service = new FieldExpression.Attribute(AttributeScope.Resource, ServiceName.Key),
        Operation = new FieldExpression.Field(Intrinsic.Name),
        Status = new FieldExpression.Field(Intrinsic.Status);

    public static Query Of(PerformanceQuestion question)
    {
        var filter = new FieldExpression.Binary(
            BinaryOperator.And,
            AnyOf(question.Services.SelectMany(ConditionsOf)),
            AnyOf(question.Kinds.Select(kind => Compare(new FieldExpression.Field(Intrinsic.Kind), BinaryOperator.Equal, Value.OfKind(kind)))));
        var spans = new Pipeline([new PipelineStage.Filter(filter)]);
        ImmutableArray<FieldExpression> by = question.IsByOperation ? [Service, Operation] : [Service];
        MetricsExpression metrics = question.Metric switch
        {
            PerformanceMetric.Latencies => new MetricsExpression.Aggregate(spans, MetricsFunction.HistogramOverTime, new FieldExpression.Field(Intrinsic.Duration), [], by),
            PerformanceMetric.Errors => new MetricsExpression.Aggregate(spans, MetricsFunction.CountOverTime, null, [], by.Add(Status)),
            _ => new MetricsExpression.Aggregate(spans, MetricsFunction.CountOverTime, null, [], by),
        };
        return new Query(null, metrics, []);
    }

    // The stand-ins for names that are not there mean both these spans and a service that is called so. An array is no name; which of the rest is one is said by its label.
    static IEnumerable<FieldExpression> ConditionsOf(string service)
    {
        yield return Compare(Service, BinaryOperator.Equal, Value.OfText(service));
        if (service == ServiceName.Missing)
            yield return Compare(Service, BinaryOperator.Equal, Value.Nil);
        else if (service == ServiceName.Empty)
            yield return Compare(Service, BinaryOperator.Equal, Value.OfText(""));
        else if (service == ServiceName.WrongType)
            yield return Compare(Service, BinaryOperator.NotEqual, Value.Nil);
    }

    static FieldExpression AnyOf(IEnumerable<FieldExpression> conditions) =>
        conditions.Aggregate((left, right) => new FieldExpression.Binary(BinaryOperator.Or, left, right));

    static FieldExpression.Binary Compare(FieldExpression field, BinaryOperator comparison, Value value) =>
        new FieldExpression.Binary(comparison, field, new FieldExpression.Constant(value));
}
