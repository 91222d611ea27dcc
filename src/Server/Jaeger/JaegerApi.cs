using Clew.Analysis;
using Clew.Collector;
using Clew.Model;
using Clew.Otlp;
using Clew.Server.Jaeger.Performance;
using Clew.Server.Queries;
using Clew.Server.Receivers;
using Clew.TraceQL;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger;

/// <summary>The JSON API of Jaeger's query service (<c>/api/…</c>) that Grafana and Jaeger's own UI speak.</summary>
internal sealed class JaegerApi(
    ITraceStore store, WholeTraces traces, TraceFinder finder, QueryOptions options, QueryGate gate, Dependencies dependencies, PerformanceEndpoint performance, Pipeline pipeline,
    TimeProvider time)
{
    const string Name = "jaeger";
    const long LookbackMillisDefault = 24 * 60 * 60 * 1_000;

    public async Task HandleAsync(HttpContext context)
    {
        var segments = RawTarget.Segments(context);
        Func<HttpContext, Task>? get = segments switch
        {
            ["api", "services"] => ServicesAsync,
            ["api", "services", .. { Length: > 0 } service, "operations"] => context => OperationNamesAsync(context, RawTarget.NameOf(service)),
            ["api", "operations"] => OperationsAsync,
            ["api", "traces"] => SearchAsync,
            ["api", "traces", var id] => context => TraceAsync(context, id),
            ["api", "dependencies"] => DependenciesAsync,
            ["api", "metrics", var metric] => performance.Find(metric),
            _ => null,
        };
        Func<HttpContext, Task>? post = segments switch
        {
            ["api", "archive", var id] => context => ArchiveAsync(context, id),
            ["api", "transform"] => context => TransformAsync(context, segments),
            _ => null,
        };
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (get is null && post is null)
            await NotFoundAsync(context);
        else if (isPost ? post is null : get is null || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
            await RefuseMethodAsync(context, get is null ? "POST" : "GET, HEAD");
        else
            await (isPost ? post!(context) : MeasureAsync(context, segments, get!));
    }

    // A place is held for our own work only: whoever waits for the client, or for another query, has none.
    async Task MeasureAsync(HttpContext context, string[] segments, Func<HttpContext, Task> endpoint)
    {
        using var place = gate.TryEnter(Name, segments is ["api", "traces", _] ? "trace" : segments is [_, "services", _, ..] ? "operations" : segments[1]);
        if (place is null)
        {
            await RefuseBusyAsync(context, gate.BusyMessage);
            return;
        }

        try
        {
            await endpoint(context);
        }
        catch (TraceTooLargeException failure) when (!context.Response.HasStarted)
        {
            await JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status422UnprocessableEntity, failure.Message);
        }
        catch (NoMemoryException) when (!context.Response.HasStarted)
        {
            await RefuseBusyAsync(context, gate.RefuseForMemory(Name));
        }
    }

    static Task RefuseBusyAsync(HttpContext context, string problem)
    {
        context.Response.Headers.RetryAfter = "1";
        return JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status429TooManyRequests, problem);
    }

    async Task ServicesAsync(HttpContext context)
    {
        var services = await store.FindServicesAsync(context.RequestAborted);
        var answer = JaegerEnvelope.Begin(context);
        foreach (var service in services)
            answer.Writer.WriteStringValue(service);
        await JaegerEnvelope.EndAsync(answer, services.Count);
    }

    async Task OperationNamesAsync(HttpContext context, string service)
    {
        var operations = await store.FindOperationsAsync(service, context.RequestAborted);
        var names = operations.Select(operation => OperationName.Of(operation.Name)).Distinct(StringComparer.Ordinal).ToArray();
        var answer = JaegerEnvelope.Begin(context);
        foreach (var name in names)
            answer.Writer.WriteStringValue(name);
        await JaegerEnvelope.EndAsync(answer, names.Length);
    }

    async Task OperationsAsync(HttpContext context)
    {
        var service = context.Request.Query.First("service");
        if (service.Length == 0)
        {
            await JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status400BadRequest, "parameter 'service' is required");
            return;
        }

        var kind = context.Request.Query.First("spanKind");
        var operations = (await store.FindOperationsAsync(service, context.RequestAborted))
            .Select(operation => (Name: OperationName.Of(operation.Name), SpanKind: TagCondition.NameOf(operation.Kind)))
            .Where(operation => kind.Length == 0 || operation.SpanKind == kind).Distinct().ToArray();
        var answer = JaegerEnvelope.Begin(context);
        foreach (var (name, spanKind) in operations)
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("name", name);
            answer.Writer.WriteString("spanKind", spanKind);
            answer.Writer.WriteEndObject();
        }

        await JaegerEnvelope.EndAsync(answer, operations.Length);
    }

    Task SearchAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!JaegerSearchParameters.TryReadRaw(query, out var isRaw, out var problem))
            return RefuseAsync(context, problem);
        if (query["traceID"] is { Count: > 0 } ids)
            return TracesByIdAsync(context, [.. ids.Select(id => id ?? "")], isRaw);
        var search = JaegerSearchParameters.Read(query, options.TracesMax, out problem);
        return search is null ? RefuseAsync(context, problem) : SearchAsync(context, search, isRaw);
    }

    async Task SearchAsync(HttpContext context, TraceSearch search, bool isRaw)
    {
        var found = await finder.FindAsync(search, context.RequestAborted);
        found.Warn(context);

        // Begun with the first trace: a store that cannot be read is an error, and no half of an answer.
        JsonAnswer? answer = null;
        var errors = new List<JaegerTraceError>();
        await foreach (var (id, spans) in traces.FindAsync(found, tooLarge => errors.Add(JaegerTraceError.Of(tooLarge)), context.RequestAborted))
            await WriteTraceAsync(answer ??= JaegerEnvelope.Begin(context), id, spans, isRaw);
        await JaegerEnvelope.EndAsync(answer ?? JaegerEnvelope.Begin(context), 0, errors);
    }

    async Task TracesByIdAsync(HttpContext context, string[] texts, bool isRaw)
    {
        var ids = new List<TraceId>();
        foreach (var text in texts)
        {
            if (!JaegerTraceId.TryParse(text, out var id))
            {
                await RefuseIdAsync(context, text);
                return;
            }

            ids.Add(id);
        }

        ids = [.. ids.Distinct()];
        if (ids.Count > options.TracesMax)
        {
            await RefuseAsync(context, $"'traceID' is there for {ids.Count} traces; expected at most {options.TracesMax} (query.traces_max)");
            return;
        }

        // Begun when the first are read, as above.
        JsonAnswer? answer = null;
        var errors = new List<JaegerTraceError>();
        await foreach (var (id, spans) in traces.FindAsync(ids, tooLarge => errors.Add(JaegerTraceError.Of(tooLarge)), context.RequestAborted))
        {
            answer ??= JaegerEnvelope.Begin(context);
            if (spans is not null)
                await WriteTraceAsync(answer, id, spans, isRaw);
            else
                errors.Add(JaegerTraceError.Missing(id));
        }

        await JaegerEnvelope.EndAsync(answer ?? JaegerEnvelope.Begin(context), 0, errors);
    }

    async Task TraceAsync(HttpContext context, string text)
    {
        if (!JaegerTraceId.TryParse(text, out var id))
        {
            await RefuseIdAsync(context, text);
            return;
        }

        // Times are a hint where to look, which this store has no need of: the answer is the whole trace.
        if (!JaegerSearchParameters.TryReadRaw(context.Request.Query, out var isRaw, out var problem)
            || !JaegerSearchParameters.TryReadTimes(context.Request.Query, out _, out problem))
        {
            await RefuseAsync(context, problem);
            return;
        }

        using var room = traces.NewRoom();
        var spans = await traces.FindAsync(id, room, context.RequestAborted);
        if (spans is null)
        {
            await JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status404NotFound, "trace not found");
            return;
        }

        var answer = JaegerEnvelope.Begin(context);
        await WriteTraceAsync(answer, id, spans, isRaw);
        await JaegerEnvelope.EndAsync(answer, 0);
    }

    // Every trace stays as long as retention says; saying that this one stays longer would be a lie.
    static Task ArchiveAsync(HttpContext context, string text) => JaegerTraceId.TryParse(text, out _)
        ? JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status501NotImplemented, "archive span storage was not configured")
        : RefuseIdAsync(context, text);

    async Task DependenciesAsync(HttpContext context)
    {
        if (!JaegerMillis.TryRead(context.Request.Query, "endTs", time.GetUtcNow().ToUnixTimeMilliseconds(), out var end, out var problem)
            || !JaegerMillis.TryRead(context.Request.Query, "lookback", LookbackMillisDefault, out var lookback, out problem))
        {
            await RefuseAsync(context, problem);
            return;
        }

        var to = new UnixNanos(JaegerMillis.ToNanos(end));
        var range = new TimeRange(to.Minus(JaegerMillis.ToNanos(lookback)), to);
        if (await dependencies.TryReadAsync(range, Name, context.RequestAborted) is not { } calls)
        {
            await RefuseBusyAsync(context, Dependencies.Busy);
            return;
        }

        var service = context.Request.Query.First("service");
        var answer = JaegerEnvelope.Begin(context);
        foreach (var call in calls.Where(call => service.Length == 0 || call.Caller == service || call.Callee == service))
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("parent", call.Caller);
            answer.Writer.WriteString("child", call.Callee);
            answer.Writer.WriteNumber("callCount", call.CallCount);
            answer.Writer.WriteEndObject();
        }

        await JaegerEnvelope.EndAsync(answer, 0);
    }

    /// <summary>OTLP JSON in, Jaeger JSON out; nothing is stored, and identical spans are kept.</summary>
    async Task TransformAsync(HttpContext context, string[] segments)
    {
        using var room = pipeline.Budget.TryEnter();
        using var body = new PooledBuffer();
        var ending = room is null
            ? BodyReader.Ending.NoRoom
            : await BodyReader.ReadAsync(
                context.Request.BodyReader, context.Request.ContentLength, pipeline.Limits.RequestBytesMax, room, pipeline.Budget, body, context.RequestAborted);
        if (ending == BodyReader.Ending.TooLarge)
            await JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status413PayloadTooLarge, pipeline.TooLarge("body").Message);
        else if (ending == BodyReader.Ending.NoRoom)
            await RefuseBusyAsync(context, pipeline.NoRoom().Message);
        else
            await MeasureAsync(context, segments, context => TransformAsync(context, body.WrittenMemory, room!));
    }

    async Task TransformAsync(HttpContext context, ReadOnlyMemory<byte> body, IngestRoom room)
    {
        var batch = new SpanBatch();
        if (ExportRequestJsonReader.TryRead(body.Span, pipeline.Limits.Decoding, room, batch, out _, out var error))
            await WriteTransformedAsync(context, batch);
        else if (!error.IsNoRoom)
            await JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status400BadRequest, error.Message);
        else if (room.IsBeyondBudget)
            await JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status413PayloadTooLarge, pipeline.NoRoomFor(room).Message);
        else
            await RefuseBusyAsync(context, pipeline.NoRoom().Message);
    }

    static async Task WriteTransformedAsync(HttpContext context, SpanBatch batch)
    {
        var answer = JaegerEnvelope.Begin(context);
        foreach (var rows in Enumerable.Range(0, batch.SpanCount).GroupBy(row => batch.Spans.TraceIds[row]))
        {
            var copier = new SpanCopier(new SpanBatch());
            foreach (var row in rows)
                copier.Copy(batch, row);
            await new JaegerTraceWriter(AdjustedTrace.Raw(copier.Target), answer).WriteAsync(rows.Key);
        }

        await JaegerEnvelope.EndAsync(answer, 0);
    }

    async ValueTask WriteTraceAsync(JsonAnswer answer, TraceId id, SpanBatch spans, bool isRaw)
    {
        var trace = isRaw ? AdjustedTrace.Raw(spans) : AdjustedTrace.Of(spans, (long)options.ClockSkewMax.TotalNanoseconds);
        await new JaegerTraceWriter(trace, answer).WriteAsync(id);
    }

    static Task RefuseAsync(HttpContext context, string problem) => JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status400BadRequest, problem);

    static Task RefuseIdAsync(HttpContext context, string text) => RefuseAsync(context, $"unable to parse param 'traceID': {JaegerTraceId.Problem(text)}");

    static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not allowed here; use {allowed}");
    }

    /// <summary>What an SDK hears that looks for its sampling strategy: it keeps the one it has.</summary>
    public static Task NoSamplingAsync(HttpContext context) =>
        JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status404NotFound, "there are no sampling strategies here; set the rate where the SDK is configured");

    /// <summary>What Jaeger says about paths it does not know.</summary>
    public static async Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("404 page not found\n", context.RequestAborted);
    }
}
