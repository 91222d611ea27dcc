using System.Globalization;
using System.Text;
using Clew.Collector;
using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Receivers;

/// <summary>Zipkin's <c>POST /api/v2/spans</c>, JSON and protobuf. Source: zipkin-api, zipkin2-api.yaml.</summary>
internal sealed class ZipkinReceiver(Pipeline pipeline, CorsPolicy cors)
{
    public const string Path = "/api/v2/spans";

    const string Protocol = "zipkin";

    public async Task HandleAsync(HttpContext context)
    {
        if (cors.Apply(context) == CorsPolicy.Verdict.Answered)
            return;
        var contentType = context.Request.ContentType ?? "";

        // Zipkin takes a body without a type for JSON, for which a browser asks no leave: the page's origin is all there is to go by.
        if (!cors.AllowsPageOf(context))
        {
            await RefuseAsync(
                context, StatusCodes.Status403Forbidden, "foreign_origin", $"Pages of '{context.Request.Headers.Origin}' may not send spans; cors.allowed_origins lists those that may.");
        }
        else if (contentType.Contains("thrift", StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(
                context, StatusCodes.Status415UnsupportedMediaType, "media_type", $"Content type '{contentType}' is not supported; use application/json or application/x-protobuf.");
        }
        else
        {
            await ReportAsync(context, contentType.Contains("protobuf", StringComparison.OrdinalIgnoreCase) ? WireEncoding.Protobuf : WireEncoding.Json);
        }
    }

    async Task ReportAsync(HttpContext context, WireEncoding encoding)
    {
        var outcome = await HttpIngest.RunAsync(pipeline, context, Protocol, WireModel.Zipkin, encoding);
        var code = outcome.Status != IngestStatus.Stored ? HttpAnswer.StatusOf(outcome.Status)
            : outcome is { StoredSpanCount: 0, RejectedSpanCount: > 0 } ? StatusCodes.Status400BadRequest
            : StatusCodes.Status202Accepted;
        if (outcome.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await AnswerAsync(context, code, outcome.Message);
    }

    Task RefuseAsync(HttpContext context, int code, string reason, string message)
    {
        pipeline.Metrics.RefusedRequests.With(reason).Increment();
        return AnswerAsync(context, code, message);
    }

    // Nothing at all for full success.
    Task AnswerAsync(HttpContext context, int code, string message)
    {
        pipeline.Metrics.Requests.With(Protocol, code.ToString(CultureInfo.InvariantCulture)).Increment();
        context.Response.StatusCode = code;
        if (message.Length == 0)
        {
            context.Response.ContentLength = 0;
            return Task.CompletedTask;
        }

        var text = Encoding.UTF8.GetBytes(message + "\n");
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = text.Length;
        return context.Response.Body.WriteAsync(text, context.RequestAborted).AsTask();
    }
}
