using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Zipkin;

/// <summary>Finds what Zipkin's queries ask for: by names of any case, and by conditions that different spans of a trace may meet.</summary>
internal sealed class ZipkinSearch(ITraceStore store, WholeTraces traces, CandidateSearch candidates)
{
    // The newest traces of a service tell whom it calls.
    const int TracesForRemoteServices = 100;

    /// <summary>The traces that match, the newest first.</summary>
    /// <inheritdoc cref="CandidateSearch.FindAsync" path="/exception"/>
    public async Task<SearchedTraces> FindAsync(ZipkinQuery query, CancellationToken cancellation)
    {
        var services = await ServicesCalledAsync(query.Service, cancellation);
        var narrowed = query.Narrowed(services, await SpanNamesCalledAsync(services, query.SpanName, cancellation));
        return await candidates.FindAsync(narrowed, query.TraceCountMax, trace => query.Matches(trace) ? ZipkinQuery.StartOf(trace) : null, cancellation);
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
}
