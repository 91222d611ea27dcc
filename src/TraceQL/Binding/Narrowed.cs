using System.Collections.Immutable;
using Clew.Model;

namespace Clew.TraceQL.Binding;

/// <summary>What a store can do of an expression over one span.</summary>
/// <param name="Condition">Holds for every span for which the expression is true; null when nothing is known of such spans.</param>
/// <param name="IsExact">Holds for no other span either, so that the expression need not be worked out. An exact null is true of every span.</param>
internal readonly record struct Narrowed(SpanCondition? Condition, bool IsExact)
{
    /// <summary>Nothing to go by.</summary>
    public static Narrowed Unknown => new(null, IsExact: false);

    /// <summary>True of every span.</summary>
    public static Narrowed All => new(null, IsExact: true);

    /// <summary>True of no span.</summary>
    public static Narrowed None => new(new SpanCondition.AnyOf([]), IsExact: true);

    public static Narrowed Exactly(SpanCondition condition) => new(condition, IsExact: true);

    public static Narrowed AtLeast(SpanCondition condition) => new(condition, IsExact: false);

    public Narrowed And(Narrowed other) => (Condition, other.Condition) switch
    {
        (null, var only) => new Narrowed(only, IsExact && other.IsExact),
        (var only, null) => new Narrowed(only, IsExact && other.IsExact),
        var (left, right) => new Narrowed(new SpanCondition.AllOf([.. Parts(left), .. Parts(right)]), IsExact && other.IsExact),
    };

    public Narrowed Or(Narrowed other)
    {
        if (Condition is null || other.Condition is null)
            return (Condition is null && IsExact) || (other.Condition is null && other.IsExact) ? All : Unknown;
        return new Narrowed(new SpanCondition.AnyOf([.. Alternatives(Condition), .. Alternatives(other.Condition)]), IsExact && other.IsExact);
    }

    /// <summary>Of what is not exact, the complement is unknown.</summary>
    public Narrowed Complement() => !IsExact ? Unknown : Condition is null ? None : Exactly(new SpanCondition.Not(Condition));

    /// <summary>As the conditions of a selection.</summary>
    public ImmutableArray<SpanCondition> ToConditions() => Condition is null ? [] : Parts(Condition);

    static ImmutableArray<SpanCondition> Parts(SpanCondition condition) => condition is SpanCondition.AllOf all ? all.Conditions : [condition];

    static ImmutableArray<SpanCondition> Alternatives(SpanCondition condition) => condition is SpanCondition.AnyOf any ? any.Conditions : [condition];
}
