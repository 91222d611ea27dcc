using Clew.Model;

namespace Clew.Analysis;

/// <summary>Which service calls which, as Zipkin counts it: by the kinds of spans, and by the other sides that they name.</summary>
/// <remarks>
/// A server span is a call from the nearest span above it that is remote, too, or else from the client it names. A client span without a server span below it is a call to
/// whom it names. Messages go to and from the broker that is named; where none is, from the producer. Calls within a service count.
/// Source: Zipkin's dependency links.
/// </remarks>
public static class RemoteCallGraph
{
    /// <inheritdoc cref="DependencyGraph.ReadAsync"/>
    public static Task<IReadOnlyList<ServiceCall>> ReadAsync(
        ITraceStore store, TimeRange starts, CancellationToken cancellation, int gatheredCountMax = DependencyGraph.GatheredCountMax) =>
        CallGathering.ReadAsync(store, starts, CountCalls, withPeers: true, gatheredCountMax, cancellation);

    static void CountCalls(ReadOnlySpan<SpanMember> trace, IReadOnlyList<string> services, CallCounts calls)
    {
        var callers = RemoteAncestors(trace);
        var served = new HashSet<SpanId>();
        foreach (var member in trace)
        {
            if (member.Kind == SpanKind.Server)
                served.Add(member.Parent);
        }

        for (var at = 0; at < trace.Length; at++)
        {
            // A span sent twice is one call.
            if (at > 0 && trace[at - 1].IsSameSpan(trace[at]))
                continue;
            var (caller, callee) = CallOf(trace, at, callers[at], served.Contains(trace[at].Span));
            if (caller >= 0 && callee >= 0)
                calls.Add(services[caller], services[callee], trace[at].IsError);
        }
    }

    // As services; -1 where one is not known, or the call is counted with another span.
    static (int Caller, int Callee) CallOf(ReadOnlySpan<SpanMember> trace, int at, int ancestor, bool isServed)
    {
        var span = trace[at];
        return span.Kind switch
        {
            SpanKind.Server => (ancestor >= 0 ? trace[ancestor].Service : span.Peer, span.Service),
            SpanKind.Consumer when span.Peer < 0 && ancestor >= 0 && trace[ancestor].Kind == SpanKind.Producer =>
                (trace[ancestor].Peer >= 0 ? trace[ancestor].Peer : trace[ancestor].Service, span.Service),
            SpanKind.Consumer => (span.Peer, span.Service),
            SpanKind.Client when isServed => (-1, -1),
            _ => (span.Service, span.Peer),
        };
    }

    // Per span, the nearest one above it that is not local to its process; -1 for none. Each step up is taken once, however deep the trace is.
    static int[] RemoteAncestors(ReadOnlySpan<SpanMember> trace)
    {
        const int Unknown = -2, Visiting = -3;
        var ancestors = new int[trace.Length];
        Array.Fill(ancestors, Unknown);
        var path = new Stack<int>();
        for (var start = 0; start < trace.Length; start++)
        {
            var at = start;
            while (at >= 0 && ancestors[at] == Unknown)
            {
                ancestors[at] = Visiting;
                path.Push(at);
                var isRoot = trace[at].Parent.IsAbsent || trace[at].Parent == trace[at].Span;
                var parent = isRoot ? -1 : SpanMember.IndexOf(trace, trace[at].Parent);
                at = parent >= 0 && IsRemote(trace[parent].Kind) ? Settle(path, ancestors, parent) : parent;
            }

            // A span that is being visited closes a cycle: nothing above it is remote.
            Settle(path, ancestors, at >= 0 && ancestors[at] >= 0 ? ancestors[at] : -1);
        }

        return ancestors;
    }

    static int Settle(Stack<int> path, int[] ancestors, int ancestor)
    {
        while (path.TryPop(out var below))
            ancestors[below] = ancestor;
        return -1;
    }

    static bool IsRemote(SpanKind kind) => kind is SpanKind.Client or SpanKind.Server or SpanKind.Producer or SpanKind.Consumer;
}
