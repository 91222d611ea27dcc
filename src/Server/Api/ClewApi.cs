using Clew.Analysis;
using Clew.Model;
using Clew.Server.Hosting;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>Clew's own JSON API (<c>/api/clew/v1/…</c>), which the web UI and the command line use.</summary>
/// <param name="receivers">Where the server receives spans; asked once it is listening.</param>
internal sealed class ClewApi(ITraceStore store, QueryOptions options, QueryGate gate, string version, Func<(BoundEndpoint OtlpGrpc, BoundEndpoint OtlpHttp, BoundEndpoint Zipkin)> receivers)
{
    const string Name = "clew";

    public async Task HandleAsync(HttpContext context)
    {
        (string Operation, string[] Parameters, Func<HttpContext, Task> Endpoint) route = RawTarget.Segments(context) switch
        {
            ["api", "clew", "v1", "services"] => ("services", [], ServicesAsync),
            ["api", "clew", "v1", "operations"] => ("operations", ["service"], OperationsAsync),
            ["api", "clew", "v1", "search"] => ("search", SearchParameters.Names, SearchAsync),
            ["api", "clew", "v1", "traces", var id] => ("trace", [], context => TraceAsync(context, id)),
            ["api", "clew", "v1", "status"] => ("status", [], StatusAsync),
            _ => ("", [], NotFoundAsync),
        };
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            await RefuseMethodAsync(context);
        else if (route.Operation.Length > 0 && SearchParameters.FindUnknown(context.Request.Query, route.Parameters) is { } unknown)
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, unknown);
        else
            await MeasureAsync(context, route.Operation, route.Endpoint);
    }

    async Task MeasureAsync(HttpContext context, string operation, Func<HttpContext, Task> endpoint)
    {
        if (operation.Length == 0)
        {
            await endpoint(context);
            return;
        }

        using var place = gate.TryEnter(Name, operation);
        if (place is not null)
        {
            await endpoint(context);
            return;
        }

        context.Response.Headers.RetryAfter = "1";
        await ApiError.WriteAsync(context, StatusCodes.Status429TooManyRequests, new ApiError(
            $"{gate.QueriesMax} queries, as many as limits.concurrent_queries_max allows, are running; ask again in a moment."));
    }

    async Task ServicesAsync(HttpContext context)
    {
        var services = await store.FindServicesAsync(context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("services");
        foreach (var service in services)
            answer.Writer.WriteStringValue(service);
        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    async Task OperationsAsync(HttpContext context)
    {
        var service = context.Request.Query["service"].ToString();
        if (service.Length == 0)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, new ApiError("Say which service's operations to list: service=NAME.", "service"));
            return;
        }

        var operations = await store.FindOperationsAsync(service, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("operations");
        foreach (var operation in operations)
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("name", operation.Name);
            answer.Writer.WriteString("spanKind", TagCondition.NameOf(operation.Kind));
            answer.Writer.WriteEndObject();
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    async Task SearchAsync(HttpContext context)
    {
        if (SearchParameters.Read(context.Request.Query, options.TracesMax, out var problem) is not { } search)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, problem!);
            return;
        }

        var summaries = await SummariesAsync(search, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("traces");
        foreach (var summary in summaries)
        {
            TraceSummaryJson.Write(answer.Writer, summary);
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    // The store chooses by the newest span that matches; what is shown of a trace is its own start, so that is what orders the answer.
    async ValueTask<IReadOnlyList<TraceSummary>> SummariesAsync(TraceSearch search, CancellationToken cancellation)
    {
        var summaries = new List<TraceSummary>();
        await foreach (var (id, spans) in FoundTraces.FindAsync(store, search, cancellation))
            summaries.Add(TraceSummary.Of(Trace.Assemble(id, DistinctSpans.Of(spans).ToBatch())));
        return [.. summaries.OrderByDescending(summary => summary.Start.Value).ThenBy(summary => summary.Id)];
    }

    async Task TraceAsync(HttpContext context, string text)
    {
        if (!TraceId.TryParse(text, out var id) || id.IsAbsent)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, new ApiError($"'{text}' is not a trace id: expected up to 32 hexadecimal digits, not all zero.", "traceId"));
            return;
        }

        if (await store.FindTraceAsync(id, context.RequestAborted) is not { } spans)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status404NotFound, new ApiError($"No span of trace {id} is stored: none has arrived here yet, or its time is over (storage.retention)."));
            return;
        }

        var decision = await store.FindDecisionAsync(id, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        await TraceJson.WriteAsync(DistinctSpans.Of(spans), decision, answer);
    }

    async Task StatusAsync(HttpContext context)
    {
        var statistics = store.Statistics;
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("version", version);
        answer.Writer.WriteString("spans", $"{statistics.SpanCount}");

        // Traces are not counted as they come: an exact number would need a pass over all of them.
        answer.Writer.WriteNull("traces");
        answer.Writer.WriteStartObject("otlp");
        answer.Writer.WriteString("grpc", AddressFor(context, receivers().OtlpGrpc));
        answer.Writer.WriteString("http", AddressFor(context, receivers().OtlpHttp));
        answer.Writer.WriteEndObject();
        answer.Writer.WriteString("zipkin", AddressFor(context, receivers().Zipkin));
        answer.Writer.WriteEndObject();
    }

    // Who asks from another machine is told the name by which it reached this one.
    static string AddressFor(HttpContext context, BoundEndpoint endpoint) => endpoint.IsEveryInterface && context.Request.Host.Host is { Length: > 0 } host
        ? $"http://{host}:{endpoint.Address.Port}"
        : endpoint.Address.GetLeftPart(UriPartial.Authority);

    static Task NotFoundAsync(HttpContext context) => ApiError.WriteAsync(
        context, StatusCodes.Status404NotFound,
        new ApiError($"There is nothing at {context.Request.Path}; the API has services, operations, search, traces/{{id}} and status under /api/clew/v1."));

    static Task RefuseMethodAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return ApiError.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, new ApiError($"{context.Request.Method} is not allowed here; use GET."));
    }
}
