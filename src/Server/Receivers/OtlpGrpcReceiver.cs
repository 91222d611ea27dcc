using System.Globalization;
using Clew.Collector;
using Clew.Otlp;
using Clew.Server.Grpc;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Receivers;

/// <summary>OTLP over gRPC: unary calls by hand over HTTP/2.</summary>
/// <remarks>Source: PROTOCOL-HTTP2.md of the gRPC project, and the OTLP specification. A refusal is "trailers only": the status travels in the head of the answer.</remarks>
/// <param name="calls">Runs the calls that bring no spans.</param>
internal sealed class OtlpGrpcReceiver(Pipeline pipeline, GrpcCalls calls, GrpcHealth health, Func<Uri> httpAddress)
{
    const string Protocol = "grpc";

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!GrpcRequest.IsCall(request))
        {
            pipeline.Metrics.Garbage.With("otlp_grpc", "not_grpc").Increment();
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            await context.Response.WriteAsync(
                $"This port speaks OTLP over gRPC: POST with content type application/grpc. OTLP over HTTP is at {httpAddress()}v1/traces.\n", context.RequestAborted);
            return;
        }

        context.Response.ContentType = GrpcRequest.AnswerTypeOf(request);
        switch (request.Path.Value)
        {
            case OtlpServices.TraceExportMethod: await ExportAsync(context); break;
            case GrpcHealth.CheckMethod: await calls.RunAsync(context, health.CheckAsync); break;
            default: RefuseMethod(context, request.Path.Value ?? ""); break;
        }
    }

    /// <summary>The status with which a refusal travels, over HTTP as well.</summary>
    public static GrpcStatus StatusOf(IngestStatus status) => status switch
    {
        IngestStatus.Stored => GrpcStatus.Ok,
        IngestStatus.Invalid => GrpcStatus.InvalidArgument,
        IngestStatus.TooLarge => GrpcStatus.ResourceExhausted,
        IngestStatus.UnsupportedCoding => GrpcStatus.Unimplemented,
        IngestStatus.Busy or IngestStatus.Overloaded or IngestStatus.Closing or IngestStatus.Failed => GrpcStatus.Unavailable,

        // Retryable only because RetryInfo comes with it.
        IngestStatus.Full => GrpcStatus.ResourceExhausted,
        IngestStatus.Late => GrpcStatus.DeadlineExceeded,
        IngestStatus.Malformed or _ => GrpcStatus.Internal,
    };

    async Task ExportAsync(HttpContext context)
    {
        var outcome = await IngestAsync(context);
        var status = StatusOf(outcome.Status);
        pipeline.Metrics.Requests.With(Protocol, ((int)status).ToString(CultureInfo.InvariantCulture)).Increment();
        if (status == GrpcStatus.Ok)
            WriteExported(context.Response, outcome.RejectedSpanCount, outcome.Message);
        else
            GrpcAnswer.EndWithoutMessage(context.Response, new GrpcOutcome(status, outcome.Message, outcome.RetryAfter));
    }

    async ValueTask<IngestOutcome> IngestAsync(HttpContext context)
    {
        using var room = pipeline.Budget.TryEnter();
        if (room is null)
            return pipeline.Count(pipeline.NoTurn());
        if (!GrpcRequestHead.TryRead(context.Request.Headers, out var head, out var refused))
        {
            var status = refused.Status == GrpcStatus.Unimplemented ? IngestStatus.UnsupportedCoding : IngestStatus.Malformed;
            return pipeline.Count(IngestOutcome.Refused(status, refused.Message));
        }

        // Counted from here on: a deadline covers the time that the body takes.
        var deadline = DeadlineOf(head.Patience);
        using var body = new PooledBuffer();
        var bytesMax = pipeline.Limits.RequestBytesMax + GrpcFrame.HeaderBytes;
        var ending = await BodyReader.ReadAsync(
            context.Request.BodyReader, context.Request.ContentLength, bytesMax, room, pipeline.Budget, body, context.RequestAborted);
        if (ending != BodyReader.Ending.Complete)
            return pipeline.Count(ending == BodyReader.Ending.TooLarge ? pipeline.TooLarge("body") : pipeline.NoRoom());
        if (GrpcRequest.FrameProblem(body.WrittenSpan, head.Coding, out var isCompressed) is { } problem)
            return pipeline.Count(IngestOutcome.Refused(IngestStatus.Malformed, problem));

        var message = body.WrittenMemory[GrpcFrame.HeaderBytes..];
        var request = new IngestRequest(Protocol, WireEncoding.Protobuf, isCompressed ? head.Coding : ContentCoding.Identity, message, room, deadline);
        return await pipeline.IngestAsync(request, context.RequestAborted);
    }

    long? DeadlineOf(TimeSpan? patience)
    {
        var ticks = patience?.TotalSeconds * pipeline.Time.TimestampFrequency;
        return ticks < long.MaxValue / 4 ? pipeline.Time.GetTimestamp() + (long)ticks : null;
    }

    void RefuseMethod(HttpContext context, string path)
    {
        var message = OtlpServices.OtherSignalOf(path) is { } signal
            ? OtlpServices.OnlyTraces(signal)
            : $"There is no method {path} here; spans go to {OtlpServices.TraceExportMethod}.";
        pipeline.Metrics.RefusedRequests.With("unknown_method").Increment();
        pipeline.Metrics.Requests.With(Protocol, ((int)GrpcStatus.Unimplemented).ToString(CultureInfo.InvariantCulture)).Increment();
        GrpcAnswer.EndWithoutMessage(context.Response, new GrpcOutcome(GrpcStatus.Unimplemented, message));
    }

    // Success is one message, empty unless spans were rejected.
    static void WriteExported(HttpResponse response, long rejectedSpanCount, string message)
    {
        using var payload = new PooledBuffer();
        if (rejectedSpanCount > 0)
            ExportResponse.WriteProtobuf(rejectedSpanCount, message, payload);
        GrpcAnswer.WriteMessage(response, payload.WrittenSpan);
        GrpcAnswer.End(response, GrpcOutcome.Ok);
    }
}
