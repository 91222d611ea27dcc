using System.Collections.Immutable;
using System.Globalization;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Syntax;

namespace Clew.Server.Tempo;

/// <summary>Searches from before TraceQL, as TraceQL: each tag is met by some span of the trace or its resource, and durations are the trace's.</summary>
internal static class TagQuery
{
    static readonly FieldExpression Every = new FieldExpression.Constant(Value.OfBool(true));

    public static Pipeline Of(IReadOnlyList<(string Key, string Value)> tags)
    {
        var filters = tags.Select(tag => FilterOf(ConditionOf(tag.Key, tag.Value))).DefaultIfEmpty(FilterOf(Every));
        return filters.Aggregate((all, next) => new Pipeline([new PipelineStage.Combine(SpansetOperator.And, all, next)]));
    }

    /// <summary>Asks on top that the whole trace takes so long.</summary>
    public static Pipeline OfDuration(Pipeline pipeline, ulong nanosMin, ulong nanosMax)
    {
        var duration = new FieldExpression.Field(Intrinsic.TraceDuration);
        var bounds = new List<FieldExpression>();
        if (nanosMin > 0)
            bounds.Add(Compare(duration, BinaryOperator.GreaterOrEqual, Value.OfDuration((long)Math.Min(nanosMin, long.MaxValue))));
        if (nanosMax < ulong.MaxValue)
            bounds.Add(Compare(duration, BinaryOperator.LessOrEqual, Value.OfDuration((long)Math.Min(nanosMax, long.MaxValue))));
        return bounds.Count == 0 ? pipeline
            : new Pipeline(pipeline.Stages.Add(new PipelineStage.Filter(bounds.Aggregate((left, right) => new FieldExpression.Binary(BinaryOperator.And, left, right)))));
    }

    // The names that Tempo gives to what is no attribute in such a search.
    static FieldExpression ConditionOf(string key, string value) => (key, value) switch
    {
        ("name", _) => Equal(Intrinsic.Name, Value.OfText(value)),
        ("root.name", _) => Equal(Intrinsic.RootName, Value.OfText(value)),
        ("root.service.name", _) => Equal(Intrinsic.RootServiceName, Value.OfText(value)),
        ("status.code", "error") or ("error", "true") => Equal(Intrinsic.Status, Value.OfStatus(StatusCode.Error)),
        ("status.code", "ok") => Equal(Intrinsic.Status, Value.OfStatus(StatusCode.Ok)),
        ("status.code", "unset") => Equal(Intrinsic.Status, Value.OfStatus(StatusCode.Unset)),
        _ => AnyOf(from scope in new[] { AttributeScope.Span, AttributeScope.Resource }
                   from meant in Meanings(value)
                   select Compare(new FieldExpression.Attribute(scope, key), BinaryOperator.Equal, meant)),
    };

    // A tag has no type; what it may stand for has.
    static ImmutableArray<Value> Meanings(string value)
    {
        var meanings = ImmutableArray.Create(Value.OfText(value));
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            meanings = meanings.Add(Value.OfInt(whole));
        else if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            meanings = meanings.Add(Value.OfFloat(number));
        return value is "true" or "false" ? meanings.Add(Value.OfBool(value == "true")) : meanings;
    }

    static FieldExpression AnyOf(IEnumerable<FieldExpression> conditions) =>
        conditions.Aggregate((left, right) => new FieldExpression.Binary(BinaryOperator.Or, left, right));

    static FieldExpression.Binary Equal(Intrinsic intrinsic, Value value) => Compare(new FieldExpression.Field(intrinsic), BinaryOperator.Equal, value);

    static FieldExpression.Binary Compare(FieldExpression field, BinaryOperator comparison, Value value) =>
        new(comparison, field, new FieldExpression.Constant(value));

    static Pipeline FilterOf(FieldExpression condition) => new([new PipelineStage.Filter(condition)]);
}
