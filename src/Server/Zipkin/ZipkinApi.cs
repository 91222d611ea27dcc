using System.Text;
using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Zipkin;

/// <summary>The queries of Zipkin's API (<c>/api/v2/…</c>). Source: zipkin-api, zipkin2-api.yaml.</summary>
internal sealed class ZipkinApi(ITraceStore store, WholeTraces traces, CandidateSearch candidates, QueryOptions options, QueryGate gate, GraphTurn graphs, TimeProvider time)
{
    const string Name = "zipkin";

    readonly ZipkinSearch _search = new(store, traces, candidates);

    /// <param name="segments">Of the path, from <c>api</c> on.</param>
    public async Task HandleAsync(HttpContext context, string[] segments)
    {
        (string Operation, Func<HttpContext, Task> Endpoint)? route = segments switch
        {
            ["api", "v2", "services"] => ("services", ServicesAsync),
            ["api", "v2", "spans"] => ("spans", context => NamesAsync(context, _search.SpanNamesAsync)),
            ["api", "v2", "remoteServices"] => ("remote_services", context => NamesAsync(context, _search.RemoteServicesAsync)),
            ["api", "v2", "traces"] => ("traces", SearchAsync),
            ["api", "v2", "trace", var id] => ("trace", context => TraceAsync(context, id)),
            ["api", "v2", "traceMany"] => ("trace_many", TracesAsync),
            ["api", "v2", "dependencies"] => ("dependencies", DependenciesAsync),
            ["api", "v2", "autocompleteKeys"] => ("autocomplete", context => WriteNamesAsync(context, [])),
            ["api", "v2", "autocompleteValues"] => ("autocomplete", AutocompleteValuesAsync),
            _ => null,
        };
        if (route is not { } known)
        {
            await RefuseAsync(
                context, StatusCodes.Status404NotFound,
                $"There is nothing at {context.Request.Path}; version 2 of Zipkin's API has spans, services, remoteServices, traces, trace/{{id}}, traceMany, dependencies, "
                + "autocompleteKeys and autocompleteValues under /api/v2.");
            return;
        }

        // A place is held for our own work only: whoever waits for another query has none.
        using var place = gate.TryEnter(Name, known.Operation);
        try
        {
            await (place is null ? RefuseBusyAsync(context, gate.BusyMessage + "; ask again in a moment.") : known.Endpoint(context));
        }
        catch (TraceTooLargeException failure) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, $"{failure.Message}.");
        }
        catch (NoMemoryException) when (!context.Response.HasStarted)
        {
            await RefuseBusyAsync(context, gate.RefuseForMemory(Name) + "; ask again in a moment.");
        }
    }

    async Task ServicesAsync(HttpContext context)
    {
        var services = await store.FindServicesAsync(context.RequestAborted);
        await WriteNamesAsync(context, [.. services.Select(ZipkinTraceView.Lowered).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    static async Task NamesAsync(HttpContext context, Func<string, CancellationToken, Task<IReadOnlyList<string>>> find)
    {
        var service = ZipkinParameters.Name(context.Request.Query, "serviceName");
        await (service.Length == 0
            ? RefuseAsync(context, StatusCodes.Status400BadRequest, "serviceName is missing; say which service's names to list.")
            : WriteNamesAsync(context, await find(service, context.RequestAborted)));
    }

    // Zipkin lists keys that its operator configured; there is no such setting here.
    static Task AutocompleteValuesAsync(HttpContext context) => context.Request.Query["key"].ToString().Length == 0
        ? RefuseAsync(context, StatusCodes.Status400BadRequest, "key is missing; say which tag's values to list.")
        : WriteNamesAsync(context, []);

    async Task SearchAsync(HttpContext context)
    {
        if (ZipkinParameters.Read(context.Request.Query, time.GetUtcNow(), options.TracesMax, out var problem) is not { } query)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        var found = await _search.FindAsync(query, context.RequestAborted);
        found.Warn(context);
        await WriteTracesAsync(context, found.Ids);
    }

    async Task TraceAsync(HttpContext context, string text)
    {
        if (!ZipkinTraceId.TryParse(text, out var id))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, ZipkinTraceId.Problem(text));
            return;
        }

        using var room = traces.NewRoom();
        if (await traces.FindAsync(id, room, context.RequestAborted) is not { } spans)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"Trace {ZipkinTraceId.Format(id)} is not stored.");
            return;
        }

        await using var answer = new JsonAnswer(context);
        await new ZipkinTraceWriter(spans, answer).WriteAsync();
    }

    async Task TracesAsync(HttpContext context)
    {
        var ids = new HashSet<TraceId>();
        foreach (var text in context.Request.Query["traceIds"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!ZipkinTraceId.TryParse(text, out var id))
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, $"traceIds: {ZipkinTraceId.Problem(text)}");
                return;
            }

            ids.Add(id);
        }

        var expected = ids.Count < 2 ? "two or more, separated by commas" : ids.Count > options.TracesMax ? $"at most {options.TracesMax} (query.traces_max)" : null;
        await (expected is null
            ? WriteTracesAsync(context, [.. ids])
            : RefuseAsync(context, StatusCodes.Status400BadRequest, $"traceIds has {ids.Count} different ids; expected {expected}."));
    }

    async Task DependenciesAsync(HttpContext context)
    {
        if (!ZipkinParameters.TryReadRange(context.Request.Query, now: null, out var range, out var problem))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        if (await graphs.TryMakeAsync(() => RemoteCallGraph.ReadAsync(store, range, context.RequestAborted)) is not { } calls)
        {
            gate.Refuse(Name, "graphing");
            await RefuseBusyAsync(context, "Another dependency graph is being made; ask again in a moment.");
            return;
        }

        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartArray();
        foreach (var link in calls.GroupBy(call => (Parent: ZipkinTraceView.Lowered(call.Caller), Child: ZipkinTraceView.Lowered(call.Callee))))
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("parent", link.Key.Parent);
            answer.Writer.WriteString("child", link.Key.Child);
            answer.Writer.WriteNumber("callCount", link.Sum(call => call.CallCount));
            if (link.Sum(call => call.ErrorCount) is var errors && errors > 0)
                answer.Writer.WriteNumber("errorCount", errors);
            answer.Writer.WriteEndObject();
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
    }

    async Task WriteTracesAsync(HttpContext context, IReadOnlyList<TraceId> ids)
    {
        // Begun when the first are read: what cannot be answered is an error, and no half of an answer.
        JsonAnswer? answer = null;
        await foreach (var (_, spans) in traces.FindAsync(ids, tooLarge => context.Warn(tooLarge.Message), context.RequestAborted))
        {
            answer ??= Begin(context);
            if (spans is not null)
                await new ZipkinTraceWriter(spans, answer).WriteAsync();
        }

        answer ??= Begin(context);
        answer.Writer.WriteEndArray();
        await answer.DisposeAsync();
    }

    static JsonAnswer Begin(HttpContext context)
    {
        var answer = new JsonAnswer(context);
        answer.Writer.WriteStartArray();
        return answer;
    }

    static async Task WriteNamesAsync(HttpContext context, IReadOnlyList<string> names)
    {
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartArray();
        foreach (var name in names)
        {
            answer.Writer.WriteStringValue(name);
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
    }

    static Task RefuseBusyAsync(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = "1";
        return RefuseAsync(context, StatusCodes.Status429TooManyRequests, message);
    }

    static async Task RefuseAsync(HttpContext context, int statusCode, string message)
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(message + "\n"), context.RequestAborted);
    }
}
