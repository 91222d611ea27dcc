using System.Collections.Immutable;
using Clew.Model;

namespace Clew.TraceQL.Binding;

/// <summary>Patterns among conditions, made to end with the query that asks.</summary>
internal static class EndingPatterns
{
    public static ImmutableArray<SpanCondition> In(ImmutableArray<SpanCondition> conditions, ReadMeter meter) => [.. conditions.Select(condition => In(condition, meter))];

    static SpanCondition In(SpanCondition condition, ReadMeter meter) => condition switch
    {
        SpanCondition.AllOf all => new SpanCondition.AllOf(In(all.Conditions, meter)),
        SpanCondition.AnyOf any => new SpanCondition.AnyOf(In(any.Conditions, meter)),
        SpanCondition.Not not => new SpanCondition.Not(In(not.Condition, meter)),
        SpanCondition.NameMatches { Test: TextTest.Like like } name => name with { Test = like with { Meter = meter } },
        SpanCondition.AttributeMatches { Test: ValueTest.Text { Test: TextTest.Like like } } attribute =>
            attribute with { Test = new ValueTest.Text(like with { Meter = meter }) },
        _ => condition,
    };
}
