using System.Text;
using Clew.Collector.Metrics;
using Clew.Model;
using Clew.Server.Health;
using Clew.Server.Hosting;
using Clew.Server.Queries;
using Clew.Server.Receivers;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Zipkin;

/// <summary>What lies where on Zipkin's port.</summary>
/// <param name="ui">Where Clew's own pages are, which is where a browser that looks for Zipkin's is sent.</param>
internal sealed class ZipkinPort(
    AllowedHosts hosts, CounterFamily garbage, ZipkinReceiver receiver, ZipkinApi api, MetricsEndpoint metrics, ITraceStore store, QueryOptions options, string version,
    Func<BoundEndpoint> ui)
{
    public Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var segments = RawTarget.Segments(context);

        // Zipkin serves its API a second time below its pages.
        if (segments is ["zipkin", "api" or "config.json", ..])
            segments = segments[1..];
        var isQuestion = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (segments is ["api", "v2", "spans"] && !isQuestion)
            return IsReport(context.Request.Method) ? receiver.HandleAsync(context) : RefuseMethodAsync(context, "GET, HEAD, POST, OPTIONS");
        if (segments is ["api", "v1", "spans"])
            return WriteTextAsync(context, StatusCodes.Status404NotFound, $"Version 1 of Zipkin's API is not spoken here; send spans of version 2 to {ZipkinReceiver.Path}.");
        if (!isQuestion)
            return RefuseMethodAsync(context, "GET, HEAD");

        // Probes come by whatever name their platform has for this server, and health gives nothing of a trace away.
        if (segments is ["health"])
            return WriteHealthAsync(context);
        if (!hosts.Allows(context.Request.Host))
            return RefuseHostAsync(context);
        return segments switch
        {
            ["api", ..] => api.HandleAsync(context, segments),
            ["info"] => WriteInfoAsync(context),
            ["metrics" or "prometheus"] => metrics.HandleAsync(context),
            ["config.json"] => WriteConfigAsync(context),
            [""] or ["zipkin", ..] => RedirectAsync(context, segments),
            _ => WriteTextAsync(
                context, StatusCodes.Status404NotFound,
                $"There is nothing at {context.Request.Path}; this port speaks version 2 of Zipkin's API, under /api/v2. The web UI is at {AddressFor(context)}."),
        };
    }

    static bool IsReport(string method) => HttpMethods.IsPost(method) || HttpMethods.IsOptions(method);

    async Task WriteHealthAsync(HttpContext context)
    {
        var isUp = store.Statistics.Trouble.Length == 0;
        context.Response.Headers.CacheControl = "no-store";
        await using var answer = new JsonAnswer(context, isUp ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("status", isUp ? "UP" : "DOWN");
        answer.Writer.WriteStartObject("zipkin");
        answer.Writer.WriteString("status", isUp ? "UP" : "DOWN");
        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
    }

    async Task WriteInfoAsync(HttpContext context)
    {
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartObject("clew");
        answer.Writer.WriteString("version", version);
        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
    }

    // What Zipkin's own pages ask for before anything else.
    async Task WriteConfigAsync(HttpContext context)
    {
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("environment", "");
        answer.Writer.WriteNumber("queryLimit", Math.Min(10, options.TracesMax));
        answer.Writer.WriteNumber("defaultLookback", 900_000);
        answer.Writer.WriteBoolean("searchEnabled", true);
        answer.Writer.WriteStartObject("dependency");
        answer.Writer.WriteBoolean("enabled", true);
        answer.Writer.WriteNumber("lowErrorRate", 0.5);
        answer.Writer.WriteNumber("highErrorRate", 0.75);
        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
    }

    // A link to a trace in Zipkin's pages leads to the same trace in ours.
    Task RedirectAsync(HttpContext context, string[] segments)
    {
        var page = segments is ["zipkin", "traces", var text] && ZipkinTraceId.TryParse(text, out var id) ? $"trace/{id}" : "";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect($"{AddressFor(context)}/{page}");
        return Task.CompletedTask;
    }

    // Who asks from another machine is told the name by which it reached this one.
    string AddressFor(HttpContext context) => ui() is { IsEveryInterface: true } open && context.Request.Host.Host is { Length: > 0 } host
        ? $"http://{host}:{open.Address.Port}"
        : ui().Address.GetLeftPart(UriPartial.Authority);

    Task RefuseHostAsync(HttpContext context)
    {
        garbage.With("zipkin", "foreign_host").Increment();
        return WriteTextAsync(context, StatusCodes.Status403Forbidden, AllowedHosts.Refusal(context.Request.Host));
    }

    static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return WriteTextAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not allowed here; use {allowed}.");
    }

    static async Task WriteTextAsync(HttpContext context, int statusCode, string message)
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(message + "\n"), context.RequestAborted);
    }
}
