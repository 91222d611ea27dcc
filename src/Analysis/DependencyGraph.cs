using Clew.Model;

namespace Clew.Analysis;

/// <summary>Which service calls which, counted over the spans of many traces: a call is a span whose parent belongs to another service.</summary>
public static class DependencyGraph
{
    /// <summary>Spans that are held at one time unless told otherwise; 48 bytes each.</summary>
    public const int GatheredCountMax = 1_000_000;

    /// <summary>The calls between services, by caller, then callee.</summary>
    /// <param name="gatheredCountMax">Bounds the memory: at least 1. A single trace with more spans than that still is gathered whole.</param>
    public static Task<IReadOnlyList<ServiceCall>> ReadAsync(
        ITraceStore store, TimeRange starts, CancellationToken cancellation, int gatheredCountMax = GatheredCountMax) =>
        CallGathering.ReadAsync(store, starts, CountCalls, withPeers: false, gatheredCountMax, cancellation);

    static void CountCalls(ReadOnlySpan<SpanMember> trace, IReadOnlyList<string> services, CallCounts calls)
    {
        for (var at = 0; at < trace.Length; at++)
        {
            var member = trace[at];

            // A span sent twice is one call.
            if (member.Parent.IsAbsent || (at > 0 && trace[at - 1].IsSameSpan(member)))
                continue;
            var parent = SpanMember.IndexOf(trace, member.Parent);
            if (parent >= 0 && trace[parent].Service != member.Service)
                calls.Add(services[trace[parent].Service], services[member.Service], member.IsError);
        }
    }
}
