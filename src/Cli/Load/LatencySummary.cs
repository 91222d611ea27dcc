namespace Clew.Cli.Load;

/// <summary>Latencies in milliseconds.</summary>
internal sealed record LatencySummary(long Count, double Mean, double P50, double P95, double P99, double Max);
