using System.Globalization;
using Clew.Server.Health;
using Clew.Server.Queries;
using Clew.TraceQL;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary>The HTTP API of Tempo that Grafana's data source speaks.</summary>
/// <remarks>Bodies are JSON as Go's jsonpb writes it; errors are plain text.</remarks>
internal sealed class TempoApi(TempoQueries queries, QueryGate gate, MetricsEndpoint metrics, Func<bool> isStopping, TimeProvider time, string version)
{
    readonly TraceByIdEndpoint _traces = new(queries);
    readonly SearchEndpoint _search = new(queries);
    readonly TagsEndpoint _tags = new(queries);
    readonly MetricsQueryEndpoint _series = new(queries, time);

    public Task HandleAsync(HttpContext context)
    {
        var parameters = new TempoParameters(context.Request.Query);
        (string Operation, Func<HttpContext, Task> Endpoint)? query = RawTarget.Segments(context) switch
        {
            ["api", "traces", var id] => ("trace", context => _traces.AnswerV1Async(context, id, parameters)),
            ["api", "v2", "traces", var id] => ("trace", context => _traces.AnswerV2Async(context, id, parameters)),
            ["api", "search"] => ("search", context => _search.AnswerAsync(context, parameters)),
            ["api", "search", "tags"] => ("tags", context => _tags.AnswerTagsV1Async(context, parameters)),
            ["api", "v2", "search", "tags"] => ("tags", context => _tags.AnswerTagsV2Async(context, parameters)),
            ["api", "search", "tag", .. { Length: > 0 } name, "values"] => ("tag_values", context => _tags.AnswerValuesV1Async(context, NameOf(name), parameters)),
            ["api", "v2", "search", "tag", .. { Length: > 0 } name, "values"] => ("tag_values", context => _tags.AnswerValuesV2Async(context, NameOf(name), parameters)),
            ["api", "metrics", "query_range"] => ("query_range", context => _series.AnswerRangeAsync(context, parameters)),
            ["api", "metrics", "query"] => ("query", context => _series.AnswerInstantAsync(context, parameters)),
            _ => null,
        };
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return RefuseMethodAsync(context);
        return query is { } known ? MeasureAsync(context, known.Operation, known.Endpoint) : AnswerStatusAsync(context);
    }

    async Task MeasureAsync(HttpContext context, string operation, Func<HttpContext, Task> endpoint)
    {
        using var place = gate.TryEnter(TempoQueries.Name, operation);
        if (place is null)
        {
            await RefuseBusyAsync(context, gate.BusyMessage);
            return;
        }

        try
        {
            await endpoint(context);
        }
        catch (Exception failure) when (failure is QueryFailedException or TraceTooLargeException && !context.Response.HasStarted)
        {
            await TempoAnswer.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, failure.Message);
        }
        catch (NoMemoryException) when (!context.Response.HasStarted)
        {
            await RefuseBusyAsync(context, gate.RefuseForMemory(TempoQueries.Name));
        }
    }

    static Task RefuseBusyAsync(HttpContext context, string problem)
    {
        context.Response.Headers.RetryAfter = "1";
        return TempoAnswer.RefuseAsync(context, StatusCodes.Status429TooManyRequests, problem);
    }

    Task AnswerStatusAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/api/echo" => TempoAnswer.WriteTextAsync(context, StatusCodes.Status200OK, "echo"),
        "/ready" => isStopping()
            ? TempoAnswer.WriteTextAsync(context, StatusCodes.Status503ServiceUnavailable, "The server is stopping.\n")
            : TempoAnswer.WriteTextAsync(context, StatusCodes.Status200OK, "ready\n"),
        "/metrics" => metrics.HandleAsync(context),
        "/status" or "/status/version" => TempoAnswer.WriteTextAsync(
            context, StatusCodes.Status200OK, string.Create(CultureInfo.InvariantCulture, $"Clew {version}, Tempo API {BuildInfo.ApiVersion}\n")),
        "/api/status/buildinfo" => BuildInfo.WriteAsync(context, version),
        _ => TempoAnswer.WriteTextAsync(context, StatusCodes.Status404NotFound, "404 page not found\n"),
    };

    static Task RefuseMethodAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return TempoAnswer.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not allowed here; use GET");
    }

    // A name may contain slashes, and Grafana encodes it twice.
    static string NameOf(string[] segments)
    {
        var name = string.Join('/', segments);
        return name.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(name) : name;
    }
}
