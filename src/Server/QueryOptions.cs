namespace Clew.Server;

/// <summary>What queries may do.</summary>
public sealed record QueryOptions
{
    /// <summary>Traces that one search may ask for. Default 1,500, at least 1.</summary>
    public int TracesMax { get; init; } = 1_500;

    /// <summary>
    /// The Jaeger API moves a host's spans by at most this when its clock disagrees with the parent's; 0 never moves one. Default 0, as in Jaeger.
    /// </summary>
    public TimeSpan ClockSkewMax { get; init; } = TimeSpan.Zero;

    internal IEnumerable<string> Problems()
    {
        if (TracesMax < 1)
            yield return $"query.traces_max is {TracesMax}; expected at least 1.";
        if (ClockSkewMax < TimeSpan.Zero)
            yield return $"query.clock_skew_max is {ClockSkewMax}; expected 0 or more.";
    }
}
