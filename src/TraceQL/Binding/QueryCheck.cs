using System.Collections.Immutable;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Finds what is wrong with a query that follows the grammar: types, bounds, and what the language knows but nobody evaluates.</summary>
sealed class QueryCheck
{
    const int ByMax = 5, ByOfBucketsMax = 4, CompareTopMax = 1_000;

    readonly Problems _problems = new();
    readonly FieldCheck _fields;

    QueryCheck() => _fields = new FieldCheck(_problems);

    /// <summary>The first problem, or null.</summary>
    public static QueryError? Find(Query query)
    {
        var check = new QueryCheck();
        if (query.Metrics is not null)
            check.Check(query.Metrics);
        else if (query.Spans is not null)
            check.Check(query.Spans);
        return check._problems.First;
    }

    void Check(Pipeline pipeline)
    {
        foreach (var stage in pipeline.Stages)
            Check(stage);
    }

    void Check(PipelineStage stage)
    {
        switch (stage)
        {
            case PipelineStage.Filter filter:
                CheckFilter(filter);
                break;
            case PipelineStage.Combine combine:
                Check(combine.Left);
                Check(combine.Right);
                break;
            case PipelineStage.ScalarFilter filter:
                CheckScalarFilter(filter);
                break;
            case PipelineStage.GroupBy group:
                _fields.Check(group.Expression);
                if (!FieldCheck.ReferencesSpan(group.Expression))
                    _problems.Report(group.At, "grouping field expressions must reference the span", group);
                break;
            case PipelineStage.Select select:
                CheckAll(select.Fields);
                break;
        }
    }

    void CheckAll(ImmutableArray<FieldExpression> expressions)
    {
        foreach (var expression in expressions)
            _fields.Check(expression);
    }

    void CheckFilter(PipelineStage.Filter filter)
    {
        if (_fields.Check(filter.Expression) is not (null or ValueType.Bool))
            _problems.Report(filter.Expression.At, "span filter field expressions must resolve to a boolean", filter, TypeHints.ForFilter(filter.Expression));
    }

    void CheckScalarFilter(PipelineStage.ScalarFilter filter)
    {
        Check(filter.Left);
        Check(filter.Right);
        var problem = (filter.Left, filter.Right) switch
        {
            (ScalarExpression.Aggregate, ScalarExpression.Constant) => null,
            (ScalarExpression.Constant, _) => "a constant on the left of a comparison is",
            (ScalarExpression.Binary, _) or (_, ScalarExpression.Binary) => "arithmetic of aggregates is",
            (ScalarExpression.Piped, _) or (_, ScalarExpression.Piped) => "comparing the aggregate of a pipeline in parentheses is",
            _ => "comparing two aggregates is",
        };
        if (problem is not null)
            _problems.Report(filter.At, $"{problem} not yet supported, only an aggregate compared with a constant, as in count() > 2", filter);
    }

    void Check(ScalarExpression expression)
    {
        switch (expression)
        {
            case ScalarExpression.Aggregate { Argument: { } argument } aggregate:
                if (_fields.Check(argument) is { } type && !TypeRules.IsNumber(type))
                    _problems.Report(argument.At, "aggregate field expressions must resolve to a number type", aggregate);
                if (!FieldCheck.ReferencesSpan(argument))
                    _problems.Report(argument.At, "aggregate field expressions must reference the span", aggregate);
                break;
            case ScalarExpression.Binary binary:
                Check(binary.Left);
                Check(binary.Right);
                break;
            case ScalarExpression.Piped piped:
                Check(piped.Pipeline);
                Check(piped.Last);
                break;
        }
    }

    void Check(MetricsExpression metrics)
    {
        switch (metrics)
        {
            case MetricsExpression.Aggregate aggregate:
                CheckAggregate(aggregate);
                break;
            case MetricsExpression.Compare compare:
                CheckCompare(compare);
                break;
            case MetricsExpression.Rank rank:
                Check(rank.Of);
                if (rank.Count < 1)
                    _problems.Report(rank.At, "limit must be greater than 0", $"{(rank.Top ? "topk" : "bottomk")}({rank.Count})");
                ForbidCompare(rank.Of, rank.At);
                break;
            case MetricsExpression.Compared compared:
                Check(compared.Of);
                ForbidCompare(compared.Of, compared.At);
                break;
            case MetricsExpression.Math math:
                Check(math.Left);
                Check(math.Right);
                ForbidCompare(math.Left, math.Left.At);
                ForbidCompare(math.Right, math.Right.At);
                break;
        }
    }

    void CheckAggregate(MetricsExpression.Aggregate aggregate)
    {
        Check(aggregate.Spans);
        if (aggregate.Argument is not null)
            _fields.Check(aggregate.Argument);
        CheckAll(aggregate.By);
        foreach (var quantile in aggregate.Quantiles)
        {
            if (quantile is not (>= 0 and <= 1))
                _problems.Report(aggregate.At, "quantile must be between 0 and 1", Value.OfFloat(quantile));
        }

        // Their series have one label more.
        var byMax = aggregate.Function is MetricsFunction.QuantileOverTime or MetricsFunction.HistogramOverTime or MetricsFunction.AvgOverTime ? ByOfBucketsMax : ByMax;
        if (aggregate.By.Length > byMax)
            _problems.Report(aggregate.At, $"at most {byMax} attributes may stand in by() here, not {aggregate.By.Length}", aggregate);
    }

    void CheckCompare(MetricsExpression.Compare compare)
    {
        Check(compare.Spans);
        CheckFilter(compare.Selection);
        if (compare.Top is < 1 or > CompareTopMax)
            _problems.Report(compare.At, $"compare() keeps from 1 to {CompareTopMax} values of each attribute, not {compare.Top}", compare);
        if ((compare.StartNanos != 0 || compare.EndNanos != 0) && compare.EndNanos <= compare.StartNanos)
            _problems.Report(compare.At, "the selection of compare() must end after it begins", compare);
    }

    void ForbidCompare(MetricsExpression metrics, TextPosition at)
    {
        if (metrics is MetricsExpression.Compare)
            _problems.Report(at, "compare() cannot be combined with what follows it, nor with arithmetic", metrics);
    }
}
