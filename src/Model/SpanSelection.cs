using System.Collections.Immutable;

namespace Clew.Model;

/// <summary>The spans a query asks for: those that start within a range and meet every condition by themselves.</summary>
public sealed record SpanSelection(TimeRange Starts, ImmutableArray<SpanCondition> Conditions)
{
    public static SpanSelection All { get; } = new(TimeRange.All, []);
}
