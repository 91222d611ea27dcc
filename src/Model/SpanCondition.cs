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

    /// <summary>The name satisfies a test.</summary>
    public sealed record NameMatches(TextTest Test) : SpanCondition;

    /// <summary>The first attribute under <paramref name="Key"/>, of any of the owners (for events and links: of any of them), satisfies a test.</summary>
    public sealed record AttributeMatches(string Key, ValueTest Test, AttributeOwners Owners) : SpanCondition;

    /// <summary>The span has no parent, by its own word.</summary>
    public sealed record IsRoot : SpanCondition;

    public sealed record AllOf(ImmutableArray<SpanCondition> Conditions) : SpanCondition;

    public sealed record AnyOf(ImmutableArray<SpanCondition> Conditions) : SpanCondition;

    public sealed record Not(SpanCondition Condition) : SpanCondition;
}
