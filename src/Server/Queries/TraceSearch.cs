using System.Collections.Immutable;
using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>A search as people fill it in: everything that is given must hold for one and the same span of a trace.</summary>
public sealed record TraceSearch
{
    /// <summary>Empty for any.</summary>
    public string Service { get; init; } = "";

    /// <summary>By its <see cref="OperationName"/>; empty for any.</summary>
    public string Operation { get; init; } = "";

    public IReadOnlyList<(string Key, string Value)> Tags { get; init; } = [];

    public ulong DurationNanosMin { get; init; }

    public ulong DurationNanosMax { get; init; } = ulong.MaxValue;

    /// <summary>When the span starts. Default all time.</summary>
    public TimeRange Starts { get; init; } = TimeRange.All;

    /// <summary>Traces to answer with, the newest.</summary>
    public int TraceCountMax { get; init; } = 20;

    public SpanSelection ToSelection()
    {
        var conditions = ImmutableArray.CreateBuilder<SpanCondition>();
        if (Service.Length > 0)
            conditions.Add(new SpanCondition.ServiceIs(Service));
        if (Operation.Length > 0)
            conditions.Add(OperationName.Is(Operation));
        if (DurationNanosMin > 0 || DurationNanosMax < ulong.MaxValue)
            conditions.Add(new SpanCondition.DurationBetween(DurationNanosMin, DurationNanosMax));
        foreach (var (key, value) in Tags)
            conditions.Add(TagCondition.Of(key, value));
        return new SpanSelection(Starts, conditions.ToImmutable());
    }
}
