using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>What all threads that count for a query go by.</summary>
/// <param name="Shown">What exemplars show of their spans.</param>
internal sealed record MetricsPlan(TimeGrid Grid, MetricsHints Hints, int ExemplarsMax, IReadOnlyList<(string Name, FieldExpression Field)> Shown, ReadMeter Meter, long MemoryBytesMax)
{
    long _memoryBytes;

    /// <summary>Counts memory that the answer takes, and ends the query when it is too much.</summary>
    public void CountMemory(long bytes)
    {
        if (Interlocked.Add(ref _memoryBytes, bytes) > MemoryBytesMax)
            Meter.Spend(ReadLimit.Memory);
    }
}
