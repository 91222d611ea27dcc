using Clew.Model;
using Clew.Otlp;
using Clew.Server.Queries;
using Clew.TraceQL;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger.V3;

/// <summary><c>/api/v3/…</c>: <see cref="QueryService"/> as JSON, spans in the shape of OTLP.</summary>
internal sealed class QueryServiceHttp(QueryService service, QueryOptions options, QueryGate gate)
{
    public async Task HandleAsync(HttpContext context)
    {
        var segments = RawTarget.Segments(context);
        Func<HttpContext, Task>? endpoint = segments switch
        {
            ["api", "v3", "services"] => ServicesAsync,
            ["api", "v3", "operations"] => OperationsAsync,
            ["api", "v3", "traces"] => SearchAsync,
            ["api", "v3", "traces", var id] => context => TraceAsync(context, id),
            ["api", "v3", "trace-summaries"] => SummariesAsync,
            ["api", "v3", "dependencies"] => DependenciesAsync,
            _ => null,
        };
        if (endpoint is null)
            await JaegerApi.NotFoundAsync(context);
        else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            await RefuseMethodAsync(context);
        else
            await MeasureAsync(context, segments.Length == 4 ? "trace" : segments[2], endpoint);
    }

    async Task MeasureAsync(HttpContext context, string operation, Func<HttpContext, Task> endpoint)
    {
        using var place = gate.TryEnter(QueryService.Name, operation);
        try
        {
            await (place is null ? RefuseBusyAsync(context, gate.BusyMessage) : endpoint(context));
        }
        catch (TraceTooLargeException failure) when (!context.Response.HasStarted)
        {
            await WriteErrorAsync(context, StatusCodes.Status422UnprocessableEntity, failure.Message);
        }
        catch (NoMemoryException) when (!context.Response.HasStarted)
        {
            await RefuseBusyAsync(context, gate.RefuseForMemory(QueryService.Name));
        }
    }

    async Task ServicesAsync(HttpContext context)
    {
        var services = await service.ServicesAsync(context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("services");
        foreach (var name in services)
            answer.Writer.WriteStringValue(name);
        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    async Task OperationsAsync(HttpContext context)
    {
        var parameters = new HttpParameters(context.Request.Query);
        var of = parameters.Text("service", "service");
        if (of.Length == 0)
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, "malformed parameter service: it is required");
            return;
        }

        var operations = await service.OperationsAsync(of, parameters.Text("spanKind", "span_kind"), context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("operations");
        foreach (var (name, spanKind) in operations)
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("name", name);
            answer.Writer.WriteString("spanKind", spanKind);
            answer.Writer.WriteEndObject();
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    async Task TraceAsync(HttpContext context, string text)
    {
        if (!JaegerTraceId.TryParse(text, out var id))
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, $"malformed parameter trace_id: {JaegerTraceId.Problem(text)}");
            return;
        }

        // Times are a hint where to look, which this store has no need of: the answer is the whole trace.
        var parameters = new HttpParameters(context.Request.Query);
        _ = (parameters.Time("startTime", "start_time"), parameters.Time("endTime", "end_time"));
        using var room = service.NewRoomForTrace();
        var isRaw = parameters.Truth("rawTraces", "raw_traces");
        if (parameters.Problem.Length > 0)
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, parameters.Problem);
        else if (await service.TraceAsync(id, isRaw, room, context.RequestAborted) is not { } spans)
            await WriteErrorAsync(context, StatusCodes.Status404NotFound, "trace not found");
        else
            await WriteTracesAsync(context, Only(spans));
    }

    async Task SearchAsync(HttpContext context)
    {
        var parameters = new HttpParameters(context.Request.Query);
        if (!parameters.TryReadQuery(options.TracesMax, out var query))
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, parameters.Problem);
            return;
        }

        var found = await service.FindAsync(query, context.RequestAborted);
        found.Warn(context);
        await WriteTracesAsync(context, service.TracesAsync(found, query.IsRaw, tooLarge => context.Warn(tooLarge.Message), context.RequestAborted));
    }

    /// <summary><c>{"result":{"resourceSpans":[…]}}</c>, all traces one after the other; without any it is a 404.</summary>
    static async Task WriteTracesAsync(HttpContext context, IAsyncEnumerable<SpanBatch> traces)
    {
        JsonAnswer? answer = null;
        await foreach (var spans in traces)
        {
            answer ??= BeginResult(context);
            foreach (var piece in SpanPieces.Of(spans))
            {
                ExportRequestJsonWriter.WriteResourceSpans(piece, answer.Writer);
                await answer.SendIfMuchAsync();
            }
        }

        if (answer is null)
        {
            await WriteErrorAsync(context, StatusCodes.Status404NotFound, "No traces found");
            return;
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
        await answer.DisposeAsync();
    }

    static JsonAnswer BeginResult(HttpContext context)
    {
        var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartObject("result");
        answer.Writer.WriteStartArray("resourceSpans");
        return answer;
    }

    async Task SummariesAsync(HttpContext context)
    {
        var parameters = new HttpParameters(context.Request.Query);
        if (!parameters.TryReadQuery(options.TracesMax, out var query))
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, parameters.Problem);
            return;
        }

        var found = await service.FindAsync(query, context.RequestAborted);
        found.Warn(context);

        // Begun with the first: a store that cannot be read is an error, and no half of an answer.
        JsonAnswer? answer = null;
        await foreach (var summary in service.SummariesAsync(found, tooLarge => context.Warn(tooLarge.Message), context.RequestAborted))
        {
            answer ??= BeginSummaries(context);
            SummaryJson.Write(answer.Writer, summary);
            await answer.SendIfMuchAsync();
        }

        answer ??= BeginSummaries(context);
        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
        await answer.DisposeAsync();
    }

    static JsonAnswer BeginSummaries(HttpContext context)
    {
        var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("summaries");
        return answer;
    }

    async Task DependenciesAsync(HttpContext context)
    {
        var parameters = new HttpParameters(context.Request.Query);
        var range = parameters.Range("startTime", "start_time", "endTime", "end_time");
        if (parameters.Problem.Length > 0)
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, parameters.Problem);
            return;
        }

        if (await service.DependenciesAsync(range, context.RequestAborted) is not { } calls)
        {
            await RefuseBusyAsync(context, Dependencies.Busy);
            return;
        }

        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("dependencies");
        foreach (var call in calls)
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("parent", call.Caller);
            answer.Writer.WriteString("child", call.Callee);
            answer.Writer.WriteString("callCount", $"{call.CallCount}");
            answer.Writer.WriteEndObject();
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    static async IAsyncEnumerable<SpanBatch> Only(SpanBatch spans)
    {
        await ValueTask.CompletedTask;
        yield return spans;
    }

    static Task RefuseBusyAsync(HttpContext context, string problem)
    {
        context.Response.Headers.RetryAfter = "1";
        return WriteErrorAsync(context, StatusCodes.Status429TooManyRequests, problem);
    }

    static Task RefuseMethodAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return WriteErrorAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not allowed here; use GET");
    }

    /// <summary><c>{"error":{"httpCode":400,"message":"…"}}</c></summary>
    static async Task WriteErrorAsync(HttpContext context, int code, string message)
    {
        await using var answer = new JsonAnswer(context, code);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartObject("error");
        answer.Writer.WriteNumber("httpCode", code);
        answer.Writer.WriteString("message", message);
        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
    }
}
