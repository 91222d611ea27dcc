using System.Globalization;
using Clew.Collector;
using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Receivers;

/// <summary>OTLP over gRPC: unary calls by hand over HTTP/2.</summary>
/// <remarks>Source: PROTOCOL-HTTP2.md of the gRPC project, and the OTLP specification. A refusal is "trailers only": the status travels in the head of the answer.</remarks>
internal sealed class OtlpGrpcReceiver(Pipeline pipeline, Func<Uri> httpAddress, Func<string> storeTrouble)
{
    const string Protocol = "grpc";

    readonly GrpcHealth _health = new(storeTrouble);

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method) || !IsGrpc(request.ContentType))
        {
            pipeline.Metrics.Garbage.With("otlp_grpc", "not_grpc").Increment();
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            await context.Response.WriteAsync(
                $"This port speaks OTLP over gRPC: POST with content type application/grpc. OTLP over HTTP is at {httpAddress()}v1/traces.\n", context.RequestAborted);
            return;
        }

        context.Response.ContentType = request.ContentType!.StartsWith("application/grpc+proto", StringComparison.OrdinalIgnoreCase)
            ? "application/grpc+proto"
            : "application/grpc";
        switch (request.Path.Value)
        {
            case OtlpServices.TraceExportMethod: await ExportAsync(context); break;
            case GrpcHealth.CheckMethod: await _health.CheckAsync(context); break;
            default: RefuseMethod(context, request.Path.Value ?? ""); break;
        }
    }

    async Task ExportAsync(HttpContext context)
    {
        var outcome = await IngestAsync(context);
        var status = GrpcAnswer.StatusOf(outcome.Status);
        pipeline.Metrics.Requests.With(Protocol, ((int)status).ToString(CultureInfo.InvariantCulture)).Increment();
        if (status == GrpcStatus.Ok)
            GrpcAnswer.WriteExported(context.Response, outcome.RejectedSpanCount, outcome.Message);
        else
            GrpcAnswer.Refuse(context.Response, status, outcome.Message, outcome.RetryAfter);
    }

    async ValueTask<IngestOutcome> IngestAsync(HttpContext context)
    {
        using var room = pipeline.Budget.TryEnter();
        if (room is null)
            return pipeline.Count(pipeline.NoTurn());
        if (!TryReadHead(context.Request.Headers, out var coding, out var deadline, out var refused))
            return pipeline.Count(refused);

        using var body = new PooledBuffer();
        var bytesMax = pipeline.Limits.RequestBytesMax + GrpcFrame.HeaderBytes;
        var ending = await BodyReader.ReadAsync(
            context.Request.BodyReader, context.Request.ContentLength, bytesMax, room, pipeline.Budget, body, context.RequestAborted);
        if (ending != BodyReader.Ending.Complete)
            return pipeline.Count(ending == BodyReader.Ending.TooLarge ? pipeline.TooLarge("body") : pipeline.NoRoom());
        if (FrameProblem(body.WrittenSpan, coding, out var isCompressed) is { } problem)
            return pipeline.Count(IngestOutcome.Refused(IngestStatus.Malformed, problem));

        var message = body.WrittenMemory[GrpcFrame.HeaderBytes..];
        var request = new IngestRequest(Protocol, WireEncoding.Protobuf, isCompressed ? coding : ContentCoding.Identity, message, room, deadline);
        return await pipeline.IngestAsync(request, context.RequestAborted);
    }

    bool TryReadHead(IHeaderDictionary headers, out ContentCoding coding, out long? deadline, out IngestOutcome refused)
    {
        deadline = null;
        refused = default;
        var encoding = headers["grpc-encoding"].ToString();
        if (!Decompression.TryParseCoding(encoding, out coding) || !Decompression.IsAvailable(coding))
        {
            refused = IngestOutcome.Refused(IngestStatus.UnsupportedCoding, $"grpc-encoding '{encoding}' is not supported; use {GrpcAnswer.AcceptedEncodings}.");
            return false;
        }

        var timeout = headers["grpc-timeout"].ToString();
        if (timeout.Length == 0)
            return true;
        if (!GrpcFrame.TryParseTimeout(timeout, out var patience))
        {
            refused = IngestOutcome.Refused(IngestStatus.Malformed, $"grpc-timeout '{timeout}' is not one to eight digits and a unit (H, M, S, m, u or n).");
            return false;
        }

        var ticks = patience.TotalSeconds * pipeline.Time.TimestampFrequency;
        deadline = ticks < long.MaxValue / 4 ? pipeline.Time.GetTimestamp() + (long)ticks : null;
        return true;
    }

    // A unary request is exactly one message.
    static string? FrameProblem(ReadOnlySpan<byte> body, ContentCoding coding, out bool isCompressed)
    {
        if (!GrpcFrame.TryReadHeader(body, out isCompressed, out var length))
            return body.Length < GrpcFrame.HeaderBytes
                ? $"The message is cut off: {body.Length} of the 5 bytes of its header arrived."
                : $"The message's compressed flag is {body[0]}; expected 0 or 1.";
        var present = body.Length - GrpcFrame.HeaderBytes;
        if (length != present)
            return $"The message's header declares {length} bytes, and {present} follow; a unary call carries exactly one message.";
        return isCompressed && coding == ContentCoding.Identity ? "The message is flagged as compressed, but there is no grpc-encoding that says how." : null;
    }

    void RefuseMethod(HttpContext context, string path)
    {
        var message = OtlpServices.OtherSignalOf(path) is { } signal
            ? OtlpServices.OnlyTraces(signal)
            : $"There is no method {path} here; spans go to {OtlpServices.TraceExportMethod}.";
        pipeline.Metrics.RefusedRequests.With("unknown_method").Increment();
        pipeline.Metrics.Requests.With(Protocol, ((int)GrpcStatus.Unimplemented).ToString(CultureInfo.InvariantCulture)).Increment();
        GrpcAnswer.Refuse(context.Response, GrpcStatus.Unimplemented, message, null);
    }

    static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == "application/grpc".Length || contentType["application/grpc".Length] is '+' or ';');
}
