using System.Globalization;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>What can be said of a condition without looking at spans: true for all of them, false for all of them, or null: look.</summary>
internal static class ConditionBounds
{
    /// <summary>The parts of spans that deciding these conditions takes.</summary>
    /// <param name="canHold">False for a condition on an attribute that no span can meet, and that therefore needs no look at attributes.</param>
    public static SpanParts PartsOf(IEnumerable<SpanCondition> conditions, Predicate<SpanCondition.AttributeIs> canHold) =>
        conditions.Aggregate(SpanParts.Core, (parts, condition) => parts | PartsOf(condition, canHold));

    /// <summary>Whether spans of this operation can meet all conditions.</summary>
    public static bool CanMatch(SpanSelection selection, ServiceOperation operation) => CanMatch(selection, condition => condition switch
    {
        SpanCondition.ServiceIs service => service.Name == operation.Service,
        SpanCondition.NameIs name => name.Name == operation.Name,
        SpanCondition.KindIs kind => kind.Kind == operation.Kind,
        _ => null,
    });

    /// <summary>Whether spans of this row group can meet all conditions.</summary>
    /// <param name="attribute">Decides the conditions on attributes.</param>
    public static bool CanMatch(SpanSelection selection, RowGroupInfo group, Func<SpanCondition.AttributeIs, bool?> attribute) =>
        CanMatch(selection, condition => condition switch
        {
            SpanCondition.KindIs kind => OfMask(group.Kinds, (int)kind.Kind),
            SpanCondition.StatusIs status => OfMask(group.Statuses, (int)status.Status),
            SpanCondition.DurationBetween range => OfRange(range, group),
            SpanCondition.AttributeIs asked => attribute(asked),
            _ => null,
        });

    /// <summary>All conditions on attributes, those within others included.</summary>
    public static IEnumerable<SpanCondition.AttributeIs> AttributesOf(IEnumerable<SpanCondition> conditions) => conditions.SelectMany(condition => condition switch
    {
        SpanCondition.AttributeIs attribute => [attribute],
        SpanCondition.AnyOf any => AttributesOf(any.Conditions),
        SpanCondition.Not not => AttributesOf([not.Condition]),
        _ => Enumerable.Empty<SpanCondition.AttributeIs>(),
    });

    /// <summary>Whether only a string can read as this text; arrays, maps and bytes aside.</summary>
    public static bool IsOnlyText(string text) =>
        text.Length > 0 && text is not ("true" or "false") && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    static bool CanMatch(SpanSelection selection, Func<SpanCondition, bool?> leaf)
    {
        foreach (var condition in selection.Conditions)
        {
            if (Decide(condition, leaf) == false)
                return false;
        }

        return true;
    }

    static bool? Decide(SpanCondition condition, Func<SpanCondition, bool?> leaf) => condition switch
    {
        SpanCondition.Not not => !Decide(not.Condition, leaf),
        SpanCondition.AnyOf any => DecideAny(any, leaf),
        _ => leaf(condition),
    };

    static bool? DecideAny(SpanCondition.AnyOf any, Func<SpanCondition, bool?> leaf)
    {
        bool? decided = false;
        foreach (var condition in any.Conditions)
        {
            switch (Decide(condition, leaf))
            {
                case true: return true;
                case null: decided = null; break;
                default: break;
            }
        }

        return decided;
    }

    static bool? OfMask(byte mask, int number) => (mask & (1 << number)) == 0 ? false : mask == 1 << number ? true : null;

    static bool? OfRange(SpanCondition.DurationBetween range, RowGroupInfo group)
    {
        if (group.DurationMax < range.NanosMin || group.DurationMin > range.NanosMax)
            return false;
        return group.DurationMin >= range.NanosMin && group.DurationMax <= range.NanosMax ? true : null;
    }

    static SpanParts PartsOf(SpanCondition condition, Predicate<SpanCondition.AttributeIs> canHold) => condition switch
    {
        SpanCondition.ServiceIs => SpanParts.Scopes,
        SpanCondition.NameIs => SpanParts.Names,
        SpanCondition.KindIs => SpanParts.Kinds,
        SpanCondition.StatusIs => SpanParts.Statuses,
        SpanCondition.DurationBetween => SpanParts.Ends,
        SpanCondition.AttributeIs attribute => canHold(attribute) ? PartsOf(attribute.Owners) : SpanParts.Core,
        SpanCondition.AnyOf any => PartsOf(any.Conditions, canHold),
        SpanCondition.Not not => PartsOf([not.Condition], canHold),
        _ => SpanParts.All,
    };

    static SpanParts PartsOf(AttributeOwners owners) =>
        (owners.HasFlag(AttributeOwners.Span) ? SpanParts.Attributes : SpanParts.Core)
        | (owners.HasFlag(AttributeOwners.Event) ? SpanParts.Events : SpanParts.Core)
        | (owners.HasFlag(AttributeOwners.Link) ? SpanParts.Links : SpanParts.Core)
        | ((owners & (AttributeOwners.Resource | AttributeOwners.Scope)) != AttributeOwners.None ? SpanParts.Scopes : SpanParts.Core);
}
