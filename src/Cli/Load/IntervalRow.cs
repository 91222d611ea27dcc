namespace Clew.Cli.Load;

/// <summary>What one stretch of a long run was like.</summary>
/// <param name="Seconds">Since the start, at its end.</param>
/// <param name="SpanCount">Acknowledged until its end.</param>
/// <param name="Latency">Of the requests acknowledged within it.</param>
/// <param name="ServerCores">Processor time of the server over the time that passed.</param>
/// <param name="CpuMicrosPerSpan">Processor time of the server over the spans acknowledged within it.</param>
internal sealed record IntervalRow(
    double Seconds, long SpanCount, double SpansPerSecond, LatencySummary Latency, double? ServerCores, double? CpuMicrosPerSpan, long? ResidentBytes, StoreFigures? Store,
    long RefusedCount, long UnansweredCount, long FailedCount)
{
    public static IntervalRow Between(LoadMoment before, LoadMoment now, LatencySummary latency)
    {
        var (seconds, spans) = ((now.At - before.At).TotalSeconds, now.Counts.SpanCount - before.Counts.SpanCount);
        var cpu = now.Server.CpuSeconds - before.Server.CpuSeconds;
        return new IntervalRow(
            Math.Round(now.At.TotalSeconds, 1), now.Counts.SpanCount, Math.Round(spans / seconds), latency,
            cpu is { } used ? Math.Round(used / seconds, 3) : null, cpu is { } spent && spans > 0 ? Math.Round(spent * 1e6 / spans, 3) : null,
            now.Server.ResidentBytes, now.Server.Store, now.Counts.RefusedCount - before.Counts.RefusedCount, now.Counts.UnansweredCount - before.Counts.UnansweredCount,
            now.Counts.FailedCount - before.Counts.FailedCount);
    }
}
