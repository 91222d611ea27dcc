using System.Collections.Immutable;

namespace Clew.Model;

/// <summary>What a query asks of one span, in terms of columns. A store narrows with the conditions it can use; <see cref="SpanMatcher"/> decides exactly.</summary>
public abstract record SpanCondition
{
    SpanCondition()
    {
    }

    /// <summary>The resource goes by this <see cref="ServiceName"/>.</summary>
    public sealed record ServiceIs(string Name) : SpanCondition;

    public sealed record NameIs(string Name) : SpanCondition;

    public sealed record KindIs(SpanKind Kind) : SpanCondition;

    public sealed record StatusIs(StatusCode Status) : SpanCondition;

    /// <summary>The duration lies in this closed range.</summary>
    public sealed record DurationBetween(ulong NanosMin, ulong NanosMax) : SpanCondition;

    /// <summary>An attribute under <paramref name="Key"/>, on any of the owners, reads as <paramref name="Text"/> (<see cref="ValueText"/>).</summary>
    public sealed record AttributeIs(string Key, string Text, AttributeOwners Owners) : SpanCondition;

    public sealed record AnyOf(ImmutableArray<SpanCondition> Conditions) : SpanCondition;

    public sealed record Not(SpanCondition Condition) : SpanCondition;
}
