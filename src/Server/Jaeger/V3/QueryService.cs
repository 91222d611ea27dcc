using System.Runtime.CompilerServices;
using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Jaeger.V3;

/// <summary>What <c>jaeger.api_v3.QueryService</c> answers, as batches and records: HTTP and gRPC are two translations of it.</summary>
internal sealed class QueryService(ITraceStore store, WholeTraces traces, TraceFinder finder, QueryOptions options, Dependencies dependencies)
{
    /// <summary>The label value of this API.</summary>
    public const string Name = "jaeger_v3";

    public ValueTask<IReadOnlyList<string>> ServicesAsync(CancellationToken cancellation) => store.FindServicesAsync(cancellation);

    /// <param name="spanKind">Such as <c>server</c>; empty for any.</param>
    public async ValueTask<IReadOnlyList<(string Name, string SpanKind)>> OperationsAsync(string service, string spanKind, CancellationToken cancellation)
    {
        var operations = await store.FindOperationsAsync(service, cancellation);

        // A span that does not say its kind is internal here, so two of ours may be one of theirs.
        return
        [
            .. operations.Select(operation => (OperationName.Of(operation.Name), SpanKind: operation.Kind == SpanKind.Unspecified ? "internal" : TagCondition.NameOf(operation.Kind)))
                .Where(operation => spanKind.Length == 0 || string.Equals(operation.SpanKind, spanKind, StringComparison.OrdinalIgnoreCase))
                .Distinct(),
        ];
    }

    /// <summary>For <see cref="TraceAsync"/>; to be disposed when the trace was answered.</summary>
    public QueryRoom NewRoomForTrace() => traces.NewRoom();

    /// <returns>Null when none of it is stored.</returns>
    /// <inheritdoc cref="WholeTraces.FindAsync(TraceId, QueryRoom, CancellationToken)" path="/exception"/>
    public async ValueTask<SpanBatch?> TraceAsync(TraceId id, bool isRaw, QueryRoom room, CancellationToken cancellation) =>
        await traces.FindAsync(id, room, cancellation) is { } spans ? Adjusted(spans, isRaw) : null;

    public Task<SearchedTraces> FindAsync(TraceQuery query, CancellationToken cancellation) => finder.FindAsync(query.Search, cancellation);

    /// <summary>The traces that were found, each as one batch.</summary>
    /// <inheritdoc cref="WholeTraces.FindAsync(IReadOnlyList{TraceId}, Action{TraceTooLargeException}, CancellationToken)" path="/param|/exception"/>
    public async IAsyncEnumerable<SpanBatch> TracesAsync(
        SearchedTraces found, bool isRaw, Action<TraceTooLargeException> leaveOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (_, spans) in traces.FindAsync(found, leaveOut, cancellation))
            yield return Adjusted(spans, isRaw);
    }

    /// <inheritdoc cref="TracesAsync" path="/param|/exception"/>
    public async IAsyncEnumerable<TraceSummary> SummariesAsync(
        SearchedTraces found, Action<TraceTooLargeException> leaveOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (id, spans) in traces.FindAsync(found, leaveOut, cancellation))
            yield return Named(TraceSummary.Of(Trace.Assemble(id, DistinctSpans.Of(spans).ToBatch())));
    }

    /// <returns>Null when another graph is being made.</returns>
    public Task<IReadOnlyList<ServiceCall>?> DependenciesAsync(TimeRange range, CancellationToken cancellation) => dependencies.TryReadAsync(range, Name, cancellation);

    SpanBatch Adjusted(SpanBatch spans, bool isRaw) =>
        OperationName.WrittenOut(isRaw ? spans : AdjustedTrace.Of(spans, (long)options.ClockSkewMax.TotalNanoseconds).ToBatch());

    // A trace without a root has no name of one.
    static TraceSummary Named(TraceSummary summary) => summary.RootService.Length == 0 ? summary : summary with { RootName = OperationName.Of(summary.RootName) };
}
