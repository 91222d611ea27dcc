using System.Collections.Immutable;
using Clew.Model;

namespace Clew.TraceQL.Binding;

/// <summary>What must be read to test conditions again that the store was asked for.</summary>
internal static class ConditionNeeds
{
    public static SpanProjection Of(SpanSelection selection) => OfAll(selection.Conditions).And(new SpanProjection(SpanFields.Starts));

    static SpanProjection OfAll(ImmutableArray<SpanCondition> conditions) =>
        conditions.Aggregate(new SpanProjection(SpanFields.None), (projection, condition) => projection.And(Of(condition)));

    static SpanProjection Of(SpanCondition condition) => condition switch
    {
        SpanCondition.NameIs or SpanCondition.NameMatches => new SpanProjection(SpanFields.Names),
        SpanCondition.KindIs => new SpanProjection(SpanFields.Kinds),
        SpanCondition.StatusIs => new SpanProjection(SpanFields.Statuses),
        SpanCondition.DurationBetween => new SpanProjection(SpanFields.Starts | SpanFields.Ends),
        SpanCondition.AttributeMatches attribute => Of(attribute.Key, attribute.Owners),
        SpanCondition.AttributeIs attribute => Of(attribute.Key, attribute.Owners),
        SpanCondition.IsRoot => new SpanProjection(SpanFields.SpanIds | SpanFields.ParentSpanIds),
        SpanCondition.Not not => Of(not.Condition),
        SpanCondition.AllOf all => OfAll(all.Conditions),
        SpanCondition.AnyOf any => OfAll(any.Conditions),
        _ => new SpanProjection(SpanFields.None),
    };

    static SpanProjection Of(string key, AttributeOwners owners) =>
        new((owners.HasFlag(AttributeOwners.Event) ? SpanFields.Events : SpanFields.None) | (owners.HasFlag(AttributeOwners.Link) ? SpanFields.Links : SpanFields.None))
        {
            AttributeKeys = owners.HasFlag(AttributeOwners.Span) ? [key] : [],
        };
}
