using Clew.Model;
using Clew.Otlp;
using Clew.Server.Grpc;
using Clew.Server.Queries;
using Clew.TraceQL;

namespace Clew.Server.Jaeger.V3;

/// <summary><see cref="QueryService"/> over gRPC.</summary>
internal sealed class QueryServiceGrpc(QueryService service, QueryOptions options, QueryGate gate)
{
    public const string ServiceName = "jaeger.api_v3.QueryService";

    /// <summary>The methods by their paths.</summary>
    public IReadOnlyDictionary<string, GrpcMethod> Methods => new Dictionary<string, GrpcMethod>(StringComparer.Ordinal)
    {
        [$"/{ServiceName}/GetServices"] = Measured("services", GetServicesAsync),
        [$"/{ServiceName}/GetOperations"] = Measured("operations", GetOperationsAsync),
        [$"/{ServiceName}/GetTrace"] = Measured("trace", GetTraceAsync),
        [$"/{ServiceName}/FindTraces"] = Measured("traces", FindTracesAsync),
        [$"/{ServiceName}/FindTraceSummaries"] = Measured("trace-summaries", FindTraceSummariesAsync),
        [$"/{ServiceName}/GetDependencies"] = Measured("dependencies", GetDependenciesAsync),
    };

    GrpcMethod Measured(string operation, GrpcMethod method) => async (request, answer, cancellation) =>
    {
        using var place = gate.TryEnter(QueryService.Name, operation);
        try
        {
            return place is null ? Busy(gate.BusyMessage) : await method(request, answer, cancellation);
        }
        catch (TraceTooLargeException failure)
        {
            return new GrpcOutcome(GrpcStatus.ResourceExhausted, failure.Message);
        }
        catch (NoMemoryException)
        {
            return Busy(gate.RefuseForMemory(QueryService.Name));
        }
    };

    async Task<GrpcOutcome> GetServicesAsync(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation)
    {
        var services = await service.ServicesAsync(cancellation);
        await answer.WriteAsync(payload => QueryAnswers.WriteServices(services, payload), cancellation);
        return GrpcOutcome.Ok;
    }

    async Task<GrpcOutcome> GetOperationsAsync(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation)
    {
        if (QueryRequests.ReadOperations(request.Span, out var of, out var spanKind) is { } problem)
            return GrpcOutcome.Invalid(problem);
        var operations = await service.OperationsAsync(of, spanKind, cancellation);
        await answer.WriteAsync(payload => QueryAnswers.WriteOperations(operations, payload), cancellation);
        return GrpcOutcome.Ok;
    }

    async Task<GrpcOutcome> GetTraceAsync(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation)
    {
        if (QueryRequests.ReadTrace(request.Span, out var text, out var isRaw) is { } problem)
            return GrpcOutcome.Invalid(problem);
        if (!JaegerTraceId.TryParse(text, out var id))
            return GrpcOutcome.Invalid($"malformed trace_id: {JaegerTraceId.Problem(text)}");
        using var room = service.NewRoomForTrace();
        if (await service.TraceAsync(id, isRaw, room, cancellation) is not { } spans)
            return new GrpcOutcome(GrpcStatus.NotFound, "trace not found");
        await SendAsync(spans, answer, cancellation);
        return GrpcOutcome.Ok;
    }

    // None found is an answer without messages, and no error.
    async Task<GrpcOutcome> FindTracesAsync(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation)
    {
        if (QueryRequests.ReadFind(request.Span, options.TracesMax, out var query) is { } problem)
            return GrpcOutcome.Invalid(problem);
        var found = await service.FindAsync(query, cancellation);
        await foreach (var spans in service.TracesAsync(found, query.IsRaw, LeaveOut, cancellation))
            await SendAsync(spans, answer, cancellation);
        return GrpcOutcome.Ok;
    }

    async Task<GrpcOutcome> FindTraceSummariesAsync(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation)
    {
        if (QueryRequests.ReadFind(request.Span, options.TracesMax, out var query) is { } problem)
            return GrpcOutcome.Invalid(problem);
        var found = await service.FindAsync(query, cancellation);
        await foreach (var summary in service.SummariesAsync(found, LeaveOut, cancellation))
            await answer.WriteAsync(payload => QueryAnswers.WriteSummary(summary, payload), cancellation);
        return GrpcOutcome.Ok;
    }

    async Task<GrpcOutcome> GetDependenciesAsync(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation)
    {
        if (QueryRequests.ReadDependencies(request.Span, out var range) is { } problem)
            return GrpcOutcome.Invalid(problem);
        if (await service.DependenciesAsync(range, cancellation) is not { } calls)
            return Busy(Dependencies.Busy);
        await answer.WriteAsync(payload => QueryAnswers.WriteDependencies(calls, payload), cancellation);
        return GrpcOutcome.Ok;
    }

    static async ValueTask SendAsync(SpanBatch spans, GrpcMessages answer, CancellationToken cancellation)
    {
        foreach (var piece in SpanPieces.Of(spans))
            await SendPieceAsync(piece, answer, cancellation);
    }

    // Only encoding tells how long a message is: one that came out too long is sent in halves. A span is never cut.
    static async ValueTask SendPieceAsync(SpanBatch piece, GrpcMessages answer, CancellationToken cancellation)
    {
        using var message = new PooledBuffer();
        ExportRequestWriter.Write(piece, message);
        if (message.Count <= GrpcMessages.BytesMax || piece.SpanCount <= 1)
        {
            await answer.WriteAsync(message.WrittenMemory, cancellation);
            return;
        }

        message.Dispose();
        foreach (var half in SpanPieces.Of(piece, (piece.SpanCount + 1) / 2))
            await SendPieceAsync(half, answer, cancellation);
    }

    // The protocol has no word for it.
    static void LeaveOut(TraceTooLargeException tooLarge)
    {
    }

    static GrpcOutcome Busy(string problem) => new(GrpcStatus.Unavailable, problem, TimeSpan.FromSeconds(1));
}
