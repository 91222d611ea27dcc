using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Works pipelines out trace by trace, every relation by asking each pair of spans.</summary>
static class NaivePipelines
{
    public static List<NaiveSet> Of(Pipeline pipeline, PlainTrace trace) => Of(pipeline, trace, [new NaiveSet(trace.Spans, [])]);

    static List<NaiveSet> Of(Pipeline pipeline, PlainTrace trace, List<NaiveSet> sets)
    {
        foreach (var stage in pipeline.Stages)
            sets = sets.Count == 0 ? sets : Of(stage, trace, sets);
        return sets;
    }

    static List<NaiveSet> Of(PipelineStage stage, PlainTrace trace, List<NaiveSet> sets) => stage switch
    {
        PipelineStage.Filter filter => WithSpans(sets.Select(set => set with { Spans = [.. set.Spans.Where(span => NaiveFields.Holds(filter.Expression, span, trace))] })),
        PipelineStage.Combine combine => WithSpans(sets.Select(set => Combine(combine, trace, set))),
        PipelineStage.ScalarFilter scalar => Filter(scalar, trace, sets),
        PipelineStage.GroupBy group => [.. sets.SelectMany(set => Split(group, trace, set))],
        PipelineStage.Coalesce => [new NaiveSet(InOrder(trace, sets.SelectMany(set => set.Spans)), [])],
        _ => sets,
    };

    static List<NaiveSet> WithSpans(IEnumerable<NaiveSet> sets) => [.. sets.Where(set => set.Spans.Count > 0)];

    static IEnumerable<NaiveSet> Split(PipelineStage.GroupBy group, PlainTrace trace, NaiveSet set) =>
        set.Spans.GroupBy(span => PlainValues.ToValue(NaiveFields.Of(group.Expression, span, trace)))
            .Select(some => (set with { Spans = [.. some] }).With($"by({group.Expression})", NaiveFields.Of(group.Expression, some.First(), trace)));

    static NaiveSet Combine(PipelineStage.Combine combine, PlainTrace trace, NaiveSet set)
    {
        var (lefts, rights) = (Of(combine.Left, trace, [set]), Of(combine.Right, trace, [set]));
        var attributes = lefts.Concat(rights).SelectMany(one => one.Attributes).DistinctBy(attribute => attribute.Name).ToArray();
        return new NaiveSet(InOrder(trace, Combine(combine.Operator, trace, lefts, rights)), attributes);
    }

    static IEnumerable<PlainSpan> Combine(SpansetOperator how, PlainTrace trace, List<NaiveSet> lefts, List<NaiveSet> rights)
    {
        if (how is SpansetOperator.And && (lefts.Count == 0 || rights.Count == 0))
            return [];
        var (left, right) = (lefts.SelectMany(set => set.Spans).ToArray(), rights.SelectMany(set => set.Spans).ToArray());
        if (how is SpansetOperator.And or SpansetOperator.Or)
            return left.Concat(right);
        if (lefts.Count > 1 || rights.Count > 1)
            throw new QueryFailedException("several spansets");
        var found = right.Where(span => left.Any(other => AreRelated(how, trace, other, span)) != IsNegated(how));
        return IsUnion(how) ? found.Concat(left.Where(span => right.Any(other => AreRelated(how, trace, span, other)))) : found;
    }

    // Whether `of > span` and so on, a span of the left and one of the right.
    static bool AreRelated(SpansetOperator how, PlainTrace trace, PlainSpan of, PlainSpan span)
    {
        if (ReferenceEquals(of, span) || !trace.HasPlace(of) || !trace.HasPlace(span))
            return false;
        return how switch
        {
            SpansetOperator.Child or SpansetOperator.NotChild or SpansetOperator.UnionChild => ReferenceEquals(trace.ParentOf(span), of),
            SpansetOperator.Parent or SpansetOperator.NotParent or SpansetOperator.UnionParent => ReferenceEquals(trace.ParentOf(of), span),
            SpansetOperator.Descendant or SpansetOperator.NotDescendant or SpansetOperator.UnionDescendant => trace.AncestorsOf(span).Any(above => ReferenceEquals(above, of)),
            SpansetOperator.Ancestor or SpansetOperator.NotAncestor or SpansetOperator.UnionAncestor => trace.AncestorsOf(of).Any(above => ReferenceEquals(above, span)),
            _ => ReferenceEquals(trace.ParentOf(of), trace.ParentOf(span)),
        };
    }

    static bool IsNegated(SpansetOperator how) => how.ToString().StartsWith("Not", StringComparison.Ordinal);

    static bool IsUnion(SpansetOperator how) => how.ToString().StartsWith("Union", StringComparison.Ordinal);

    static List<PlainSpan> InOrder(PlainTrace trace, IEnumerable<PlainSpan> spans)
    {
        var some = spans.ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. trace.Spans.Where(some.Contains)];
    }

    static List<NaiveSet> Filter(PipelineStage.ScalarFilter filter, PlainTrace trace, List<NaiveSet> sets)
    {
        var aggregate = filter.Left as ScalarExpression.Aggregate;
        if (filter.Left is ScalarExpression.Piped piped)
            (aggregate, sets) = (piped.Last, Of(piped.Pipeline, trace, sets));
        var bound = ((ScalarExpression.Constant)filter.Right).Value;
        var left = new List<NaiveSet>();
        foreach (var set in sets)
        {
            var value = Aggregate(aggregate!, trace, set);
            var comparison = new FieldExpression.Binary(filter.Comparison, new FieldExpression.Constant(PlainValues.ToValue(value)), new FieldExpression.Constant(bound));
            if (value is not null && NaiveFields.Holds(comparison, set.Spans[0], trace))
                left.Add(set.With(aggregate!.ToString(), value));
        }

        return left;
    }

    static object? Aggregate(ScalarExpression.Aggregate aggregate, PlainTrace trace, NaiveSet set)
    {
        if (aggregate.Argument is not { } argument)
            return (long)set.Spans.Count;
        var numbers = set.Spans.Select(span => NaiveFields.Of(argument, span, trace)).SelectMany(value => value as List<object> ?? [value!])
            .Where(value => PlainValues.NumberOf(value) is not (null or double.NaN)).ToList();
        var alike = numbers.Where(value => value.GetType() == numbers[0].GetType()).ToList();
        return aggregate.Function switch
        {
            AggregateFunction.Min => numbers.Count == 0 ? null : numbers.Aggregate((best, next) => IsLess(next, best) ? next : best),
            AggregateFunction.Max => numbers.Count == 0 ? null : numbers.Aggregate((best, next) => IsLess(best, next) ? next : best),
            _ when alike.Count == 0 => null,
            AggregateFunction.Sum => alike[0] is double ? Sum(alike) : alike[0] is long ? WholeSum(alike) : new Nanos(WholeSum(alike)),
            _ => alike[0] is Nanos ? new Nanos(WholeSum(alike) / alike.Count) : alike[0] is long ? (double)WholeSum(alike) / alike.Count : Sum(alike) / alike.Count,
        };
    }

    static bool IsLess(object left, object right) => left is double || right is double
        ? PlainValues.NumberOf(left) < PlainValues.NumberOf(right) : Whole(left) < Whole(right);

    static long Whole(object number) => number is Nanos nanos ? nanos.Count : (long)number;

    static double Sum(List<object> numbers) => numbers.Skip(1).Aggregate((double)numbers[0], (sum, number) => sum + (double)number);

    static long WholeSum(List<object> numbers) => numbers.Aggregate(0L, (sum, number) => unchecked(sum + Whole(number)));
}
