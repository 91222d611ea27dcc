using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Zipkin;

/// <summary>Finds what Zipkin's queries ask for: by names of any case, and by conditions that different spans of a trace may meet.</summary>
internal sealed class ZipkinSearch(ITraceStore store, WholeTraces traces)
{
    /// <summary>So many of the newest traces that may be meant are looked into, and no more.</summary>
    public const int CandidatesMax = 5_000;

    // The newest traces of a service tell whom it calls.
    const int TracesForRemoteServices = 100;
    const int CandidatesMin = 40, CandidatesGrowth = 4;

    /// <summary>The traces that match, newest first.</summary>
    /// <returns>Whether all that may be meant were looked into, unless there are as many as asked for.</returns>
    public async Task<(IReadOnlyList<TraceId> Ids, bool IsComplete)> FindAsync(ZipkinQuery query, CancellationToken cancellation)
    {
        var services = await ServicesCalledAsync(query.Service, cancellation);
        var selection = query.Narrowed(services, await SpanNamesCalledAsync(services, query.SpanName, cancellation));
        var found = new List<(TraceId Id, UnixNanos Start)>();
        var seen = new HashSet<TraceId>();
        for (var countMax = Math.Min(CandidatesMax, Math.Max(CandidatesMin, 2 * query.TraceCountMax)); ; countMax = Math.Min(CandidatesMax, countMax * CandidatesGrowth))
        {
            var candidates = await store.FindTracesAsync(selection, countMax, cancellation);
            // Whatever was looked up together is looked into: of it, the newest are answered.
            foreach (var some in candidates.Select(candidate => candidate.Id).Where(seen.Add).Chunk(WholeTraces.PerLookUp))
            {
                await foreach (var (id, trace) in traces.FindAsync(some, static _ => { }, cancellation))
                {
                    if (trace is not null && query.Matches(trace))
                        found.Add((id, ZipkinQuery.StartOf(trace)));
                }

                if (found.Count >= query.TraceCountMax)
                    return (Newest(found, query.TraceCountMax), true);
            }

            if (candidates.Count < countMax || countMax == CandidatesMax)
                return (Newest(found, query.TraceCountMax), candidates.Count < countMax);
        }
    }

    /// <summary>The names of the services that go by a name in lower case; that name alone when there are none, and none when it is empty.</summary>
    public async Task<IReadOnlyList<string>> ServicesCalledAsync(string service, CancellationToken cancellation)
    {
        if (service.Length == 0)
            return [];
        string[] called = [.. (await store.FindServicesAsync(cancellation)).Where(name => ZipkinTraceView.Lowered(name) == service)];
        return called.Length > 0 ? called : [service];
    }

    /// <summary>The names of a service's spans, in lower case and in order.</summary>
    public async Task<IReadOnlyList<string>> SpanNamesAsync(string service, CancellationToken cancellation)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var called in await ServicesCalledAsync(service, cancellation))
            names.UnionWith((await store.FindOperationsAsync(called, cancellation)).Select(operation => ZipkinTraceView.Lowered(operation.Name)));
        names.Remove("");
        return [.. names];
    }

    /// <summary>The other sides that a service names in its newest traces, in lower case and in order.</summary>
    public async Task<IReadOnlyList<string>> RemoteServicesAsync(string service, CancellationToken cancellation)
    {
        var selection = new SpanSelection(
            TimeRange.All,
            [
                ZipkinQuery.AnyOf((await ServicesCalledAsync(service, cancellation)).Select(name => new SpanCondition.ServiceIs(name))),
                new SpanCondition.Not(new SpanCondition.KindIs(SpanKind.Internal)),
            ]);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var matches = await store.FindTracesAsync(selection, TracesForRemoteServices, cancellation);
        await foreach (var (_, trace) in traces.FindAsync([.. matches.Select(match => match.Id)], static _ => { }, cancellation))
            AddRemoteServices(trace, service, names);

        names.Remove("");
        return [.. names];
    }

    static void AddRemoteServices(SpanBatch? trace, string service, SortedSet<string> names)
    {
        if (trace is null)
            return;
        var view = new ZipkinTraceView(trace);
        for (var row = 0; row < trace.SpanCount; row++)
        {
            if (view.ServiceOf(row) == service)
                names.Add(view.RemoteServiceOf(row));
        }
    }

    async Task<IReadOnlyList<string>> SpanNamesCalledAsync(IReadOnlyList<string> services, string name, CancellationToken cancellation)
    {
        if (name.Length == 0 || services.Count == 0)
            return [];
        var called = new HashSet<string>(StringComparer.Ordinal) { name };
        foreach (var service in services)
        {
            var operations = await store.FindOperationsAsync(service, cancellation);
            called.UnionWith(operations.Select(operation => operation.Name).Where(other => ZipkinTraceView.Lowered(other) == name));
        }

        return [.. called];
    }

    static TraceId[] Newest(List<(TraceId Id, UnixNanos Start)> found, int countMax) =>
        [.. found.OrderByDescending(trace => trace.Start).ThenBy(trace => trace.Id).Select(trace => trace.Id).Take(countMax)];
}
