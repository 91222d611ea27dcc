using Clew.Otlp;
using Clew.Server.Grpc;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Searching;

namespace Clew.Server.Tempo.Streaming;

/// <summary><see cref="TempoQueries"/> over gRPC: what Grafana asks when streaming is switched on for the data source.</summary>
/// <remarks>Every message adds to those before it. There is nothing to wait for between them: an answer comes in as many as keep each below what clients take.</remarks>
internal sealed class StreamingQuerier(TempoQueries queries, QueryGate gate)
{
    public const string ServiceName = "tempopb.StreamingQuerier";

    const int TracesPerMessage = 100, SeriesPerMessage = 100;

    /// <summary>Writes a message with some of an answer's elements; with the last of them what comes once.</summary>
    delegate void MessageWriter<T>(ReadOnlySpan<T> elements, bool isLast, PooledBuffer target);

    /// <summary>The methods by their paths.</summary>
    public IReadOnlyDictionary<string, GrpcMethod> Methods => new Dictionary<string, GrpcMethod>(StringComparer.Ordinal)
    {
        [$"/{ServiceName}/Search"] = Measured("search", SearchAsync),
        [$"/{ServiceName}/SearchTags"] = Measured("tags", (request, answer, cancellation) => TagsAsync(request, TagMessages.WriteNames, answer, cancellation)),
        [$"/{ServiceName}/SearchTagsV2"] = Measured("tags", (request, answer, cancellation) => TagsAsync(request, TagMessages.WriteScopes, answer, cancellation)),
        [$"/{ServiceName}/SearchTagValues"] = Measured("tag_values", (request, answer, cancellation) => TagValuesAsync(request, isPlain: true, answer, cancellation)),
        [$"/{ServiceName}/SearchTagValuesV2"] = Measured("tag_values", (request, answer, cancellation) => TagValuesAsync(request, isPlain: false, answer, cancellation)),
        [$"/{ServiceName}/MetricsQueryRange"] = Measured("query_range", (request, answer, cancellation) => SeriesAsync(request, isInstant: false, answer, cancellation)),
        [$"/{ServiceName}/MetricsQueryInstant"] = Measured("query", (request, answer, cancellation) => SeriesAsync(request, isInstant: true, answer, cancellation)),
    };

    GrpcMethod Measured(string operation, GrpcMethod method) => async (request, answer, cancellation) =>
    {
        using var place = gate.TryEnter(TempoQueries.Name, operation);
        if (place is null)
            return new GrpcOutcome(GrpcStatus.Unavailable, gate.BusyMessage, TimeSpan.FromSeconds(1));
        try
        {
            return await method(request, answer, cancellation);
        }
        catch (QueryFailedException failure)
        {
            return GrpcOutcome.Invalid(failure.Message);
        }
        catch (NoMemoryException)
        {
            return new GrpcOutcome(GrpcStatus.Unavailable, gate.RefuseForMemory(TempoQueries.Name), TimeSpan.FromSeconds(1));
        }
    };

    async Task<GrpcOutcome> SearchAsync(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation)
    {
        if (StreamingRequests.ReadSearch(request.Span, out var question) is { } malformed)
            return GrpcOutcome.Invalid(malformed);
        if (!question.TryCompile(queries.Options, out var query, out var search, out var problem))
            return GrpcOutcome.Invalid(problem);
        using var found = await queries.Engine.SearchAsync(query, search, cancellation);
        await SendAsync<FoundTrace>(
            found.Traces.ToArray(), TracesPerMessage, (traces, isLast, target) => SearchMessages.Write(traces, isLast ? AnswerCost.Of(found.Report) : null, target), answer, cancellation);
        return GrpcOutcome.Ok;
    }

    async Task<GrpcOutcome> TagsAsync(ReadOnlyMemory<byte> request, Action<FoundTags, PooledBuffer> write, GrpcMessages answer, CancellationToken cancellation)
    {
        if (StreamingRequests.ReadTags(request.Span, out var question) is { } problem)
            return GrpcOutcome.Invalid(problem);
        using var found = await queries.TagsAsync(question, cancellation);
        await answer.WriteAsync(payload => write(found, payload), cancellation);
        return GrpcOutcome.Ok;
    }

    async Task<GrpcOutcome> TagValuesAsync(ReadOnlyMemory<byte> request, bool isPlain, GrpcMessages answer, CancellationToken cancellation)
    {
        if (StreamingRequests.ReadTagValues(request.Span, isPlain, out var question) is { } malformed)
            return GrpcOutcome.Invalid(malformed);
        if (question.TryCompile(out var problem) is not { } field)
            return GrpcOutcome.Invalid(problem);
        using var found = await queries.TagValuesAsync(field, question, cancellation);
        await answer.WriteAsync(
            payload =>
            {
                if (isPlain)
                    TagMessages.WriteValues(found, payload);
                else
                    TagMessages.WriteTypedValues(found, payload);
            },
            cancellation);
        return GrpcOutcome.Ok;
    }

    async Task<GrpcOutcome> SeriesAsync(ReadOnlyMemory<byte> request, bool isInstant, GrpcMessages answer, CancellationToken cancellation)
    {
        if (StreamingRequests.ReadQuery(request.Span, isInstant, out var question) is { } malformed)
            return GrpcOutcome.Invalid(malformed);
        if (!question.TryCompile(queries.Options, out var query, out var metrics, out var problem))
            return GrpcOutcome.Invalid(problem);
        using var found = await queries.Engine.MetricsAsync(query, metrics, cancellation);
        var partial = queries.PartialMessage(found.Report.Partial, found.LeftOutSeriesCount);
        await SendAsync<MetricSeries>(
            found.Series.ToArray(), SeriesPerMessage,
            (series, isLast, target) => SeriesMessages.Write(series, isInstant ? null : found.Grid, isLast ? (AnswerCost.Of(found.Report), partial) : null, target), answer, cancellation);
        return GrpcOutcome.Ok;
    }

    static async ValueTask SendAsync<T>(ReadOnlyMemory<T> elements, int countMax, MessageWriter<T> write, GrpcMessages answer, CancellationToken cancellation)
    {
        for (; elements.Length > countMax; elements = elements[countMax..])
            await SendPieceAsync(elements[..countMax], isLast: false, write, answer, cancellation);
        await SendPieceAsync(elements, isLast: true, write, answer, cancellation);
    }

    // Only encoding tells how long a message is: one that came out too long is sent in halves.
    static async ValueTask SendPieceAsync<T>(ReadOnlyMemory<T> elements, bool isLast, MessageWriter<T> write, GrpcMessages answer, CancellationToken cancellation)
    {
        using var message = new PooledBuffer();
        write(elements.Span, isLast, message);
        if (message.Count <= GrpcMessages.BytesMax || elements.Length <= 1)
        {
            await answer.WriteAsync(message.WrittenMemory, cancellation);
            return;
        }

        message.Dispose();
        var half = elements.Length / 2;
        await SendPieceAsync(elements[..half], isLast: false, write, answer, cancellation);
        await SendPieceAsync(elements[half..], isLast, write, answer, cancellation);
    }
}
