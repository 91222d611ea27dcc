using Clew.Model;

namespace Clew.TraceQL;

/// <summary>How a query was answered: what it would take to explain its time.</summary>
public sealed record QueryReport
{
    /// <summary>The bound of the budget that ended the query early; null for an answer that is complete.</summary>
    public ReadLimit? Partial { get; init; }

    /// <summary>The query in canonical form.</summary>
    public required string Query { get; init; }

    /// <summary>What is done, in words, step by step.</summary>
    public required IReadOnlyList<string> Plan { get; init; }

    /// <summary>What was read, as it was counted while reading.</summary>
    public required ReadMeter Reads { get; init; }

    /// <summary>Whole traces that were looked at.</summary>
    public long TraceCount { get; init; }

    /// <summary>What took how long, in order.</summary>
    public required IReadOnlyList<(string Stage, TimeSpan Took)> Stages { get; init; }
}
