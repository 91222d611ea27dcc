using System.Collections.Immutable;
using System.Globalization;
using Clew.Model;

namespace Clew.TraceQL.Binding;

/// <summary>What a store is asked for, in words close to the query's, for people who want to know what was pushed down.</summary>
internal static class ConditionText
{
    public static string Of(ImmutableArray<SpanCondition> conditions) => conditions.IsEmpty ? "any span" : string.Join(" && ", conditions.Select(Of));

    static string Of(SpanCondition condition) => condition switch
    {
        SpanCondition.ServiceIs service => $"resource.service.name = `{service.Name}`",
        SpanCondition.NameIs name => $"name = `{name.Name}`",
        SpanCondition.NameMatches name => $"name {Of(name.Test)}",
        SpanCondition.KindIs kind => $"kind = {kind.Kind.ToString().ToLowerInvariant()}",
        SpanCondition.StatusIs status => $"status = {status.Status.ToString().ToLowerInvariant()}",
        SpanCondition.DurationBetween { NanosMax: ulong.MaxValue } duration => string.Create(CultureInfo.InvariantCulture, $"duration >= {duration.NanosMin}ns"),
        SpanCondition.DurationBetween { NanosMin: 0 } duration => string.Create(CultureInfo.InvariantCulture, $"duration <= {duration.NanosMax}ns"),
        SpanCondition.DurationBetween duration => string.Create(CultureInfo.InvariantCulture, $"{duration.NanosMin}ns <= duration <= {duration.NanosMax}ns"),
        SpanCondition.AttributeMatches attribute => $"{OwnerOf(attribute.Owners)}{attribute.Key} {Of(attribute.Test)}",
        SpanCondition.AttributeIs attribute => $"{OwnerOf(attribute.Owners)}{attribute.Key} reads `{attribute.Text}`",
        SpanCondition.IsRoot => "is a root",
        SpanCondition.Not not => $"!({Of(not.Condition)})",
        SpanCondition.AllOf all => $"({string.Join(" && ", all.Conditions.Select(Of))})",
        SpanCondition.AnyOf { Conditions.IsEmpty: true } => "nothing",
        SpanCondition.AnyOf any => $"({string.Join(" || ", any.Conditions.Select(Of))})",
        _ => condition.ToString(),
    };

    static string Of(ValueTest test) => test switch
    {
        ValueTest.Exists => "!= nil",
        ValueTest.Text text => Of(text.Test),
        ValueTest.Bool boolean => boolean.Value ? "= true" : "= false",
        ValueTest.Number number when number.From == number.To => string.Create(CultureInfo.InvariantCulture, $"= {number.From}"),
        ValueTest.Number { From: double.NegativeInfinity } number => string.Create(CultureInfo.InvariantCulture, $"<= {number.To}"),
        ValueTest.Number { To: double.PositiveInfinity } number => string.Create(CultureInfo.InvariantCulture, $">= {number.From}"),
        ValueTest.Number number => string.Create(CultureInfo.InvariantCulture, $"from {number.From} to {number.To}"),
        _ => test.ToString(),
    };

    static string Of(TextTest test) => test switch
    {
        TextTest.Is text => $"= `{text.Text}`",
        TextTest.Like like => $"=~ `{like.Pattern}`",
        TextTest.Between { From: null } between => $"<= `{between.To}`",
        TextTest.Between between => $">= `{between.From}`",
        _ => test.ToString(),
    };

    static string OwnerOf(AttributeOwners owners) => owners switch
    {
        AttributeOwners.Span => "span.",
        AttributeOwners.Resource => "resource.",
        AttributeOwners.Scope => "instrumentation.",
        AttributeOwners.Event => "event.",
        AttributeOwners.Link => "link.",
        _ => ".",
    };
}
