using System.Globalization;
using Clew.Collector;
using Clew.Otlp;
using Clew.Server.Grpc;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Receivers;

/// <summary>OTLP over HTTP/1.1, protobuf and JSON. Source: the OTLP specification, section OTLP/HTTP.</summary>
internal sealed class OtlpHttpReceiver(Pipeline pipeline, CorsPolicy cors, Func<Uri> grpcAddress)
{
    const string Protocol = "http";

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (cors.Apply(context) == CorsPolicy.Verdict.Answered)
            return;
        if (IsGrpc(request.ContentType))
            Refuse(context, StatusCodes.Status415UnsupportedMediaType, GrpcStatus.InvalidArgument, "media_type", WrongMediaType(request.ContentType));
        else if (request.Path.Value != OtlpServices.TracePath)
            Refuse(context, StatusCodes.Status404NotFound, GrpcStatus.NotFound, "unknown_path", WrongPath(request.Path.Value ?? ""));
        else if (!HttpMethods.IsPost(request.Method))
            RefuseMethod(context);
        else if (HttpAnswer.EncodingOf(request.ContentType) is not { } encoding)
            Refuse(context, StatusCodes.Status415UnsupportedMediaType, GrpcStatus.InvalidArgument, "media_type", WrongMediaType(request.ContentType));
        else
            await ExportAsync(context, encoding);
    }

    async Task ExportAsync(HttpContext context, WireEncoding encoding)
    {
        var outcome = await HttpIngest.RunAsync(pipeline, context, Protocol, WireModel.Otlp, encoding);
        var code = HttpAnswer.StatusOf(outcome.Status);
        Count(code);
        HttpAnswer.Write(context, encoding, code, outcome);
    }

    void RefuseMethod(HttpContext context)
    {
        context.Response.Headers.Allow = "POST, OPTIONS";
        Refuse(
            context, StatusCodes.Status405MethodNotAllowed, GrpcStatus.Unimplemented, "method", $"{context.Request.Method} is not a method of {OtlpServices.TracePath}; use POST.");
    }

    void Refuse(HttpContext context, int code, GrpcStatus status, string reason, string message)
    {
        pipeline.Metrics.RefusedRequests.With(reason).Increment();
        Count(code);
        HttpAnswer.WriteError(context, HttpAnswer.EncodingOf(context.Request.ContentType) ?? WireEncoding.Json, code, status, message, null);
    }

    void Count(int code) => pipeline.Metrics.Requests.With(Protocol, code.ToString(CultureInfo.InvariantCulture)).Increment();

    static string WrongPath(string path) => OtlpServices.OtherSignalOf(path) is { } signal
        ? OtlpServices.OnlyTraces(signal)
        : $"There is nothing at {path}; spans go to {OtlpServices.TracePath}. OTEL_EXPORTER_OTLP_ENDPOINT is a base address, without that path.";

    static bool IsGrpc(string? contentType) => contentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    string WrongMediaType(string? contentType) => IsGrpc(contentType)
        ? $"This port speaks OTLP over HTTP. Send OTLP over gRPC to {grpcAddress()}: OTEL_EXPORTER_OTLP_ENDPOINT={grpcAddress()}."
        : $"Content type '{contentType}' is not supported; use application/x-protobuf or application/json.";
}
