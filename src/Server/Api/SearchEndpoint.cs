using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Searching;
using Clew.TraceQL.Syntax;
using Clew.TraceQL.Tags;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>Traces: by a query, or by service, operation, tags and durations.</summary>
internal sealed class SearchEndpoint(ITraceStore store, WholeTraces traces, TraceQLEngine engine, NameHints names, QueryOptions options)
{
    const int LimitDefault = 20, SpansDefault = 3, SpansMax = 1_000;

    public ApiEndpoint[] All => [new("search", "search", SearchParameters.Names, SearchAsync)];

    Task SearchAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (SearchParameters.FindMixed(query) is { } mixed)
            return ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, mixed);
        return query["q"].ToString().Length > 0 ? QueryAsync(context) : FindAsync(context);
    }

    async Task FindAsync(HttpContext context)
    {
        if (SearchParameters.Read(context.Request.Query, options.TracesMax, out var problem) is not { } search)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, problem!);
            return;
        }

        var matches = await store.FindTracesAsync(search.ToSelection(), search.TraceCountMax, context.RequestAborted);
        var summaries = await SummariesAsync([.. matches.Select(match => match.Id)], context);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("traces");
        foreach (var summary in Ordered(summaries))
        {
            TraceSummaryJson.Write(answer.Writer, summary);
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    async Task QueryAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        var query = parameters.ReadQuery();
        var isExplained = parameters.ReadFlag("explain");
        var request = Read(parameters, query);
        if (query is null || parameters.Error is not null)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, parameters.Error!);
            return;
        }

        try
        {
            using var result = await engine.SearchAsync(query, request, context.RequestAborted);
            // A page after the last is no surprise.
            var hints = result.Traces.Count == 0 && request.After is null ? await names.FindAsync(query, result.Report, options.Budget, context.RequestAborted) : [];
            await WriteAsync(context, result, hints, isExplained);
        }
        catch (QueryFailedException failed)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, new ApiError(failed.Message, "q"));
        }
    }

    SearchRequest Read(QueryParameters parameters, Query? query)
    {
        if (query is { Spans: null })
            parameters.Fail($"'{query}' asks for time series: /api/clew/v1/metrics answers those.", "q");
        SearchCursor? after = null;
        if (parameters.Text("after") is { Length: > 0 } text)
        {
            if (SearchCursor.TryParse(text, out var cursor))
                after = cursor;
            else
                parameters.Fail($"after is '{text}'; expected what the page before said is next.", "after");
        }

        return new SearchRequest
        {
            Range = parameters.ReadTimes(),
            TraceCountMax = parameters.ReadCount("limit", LimitDefault, 1, options.TracesMax, "query.traces_max"),
            SpansPerSpansetMax = parameters.ReadCount("spans", SpansDefault, 0, SpansMax),
            After = after,
            Summarize = Summarize,
            Budget = options.Budget,
        };
    }

    async Task WriteAsync(HttpContext context, SearchResult result, IReadOnlyList<string> hints, bool isExplained)
    {
        await using var answer = new JsonAnswer(context);
        var writer = answer.Writer;
        writer.WriteStartObject();
        writer.WriteString("query", result.Report.Query);
        writer.WriteStartArray("traces");
        foreach (var trace in result.Traces)
        {
            TraceSummaryJson.Write(writer, trace.Summary ?? InPart(trace), trace.Spansets);
            await answer.SendIfMuchAsync();
        }

        writer.WriteEndArray();
        if (result.Next is { } next)
            writer.WriteString("next", next.ToString());
        ReportJson.WriteHints(writer, hints);
        ReportJson.Write(writer, result.Report, options, isExplained);
        writer.WriteEndObject();
    }

    async ValueTask<IReadOnlyDictionary<TraceId, TraceSummary>> SummariesAsync(IReadOnlyList<TraceId> ids, HttpContext context)
    {
        var summaries = new Dictionary<TraceId, TraceSummary>(ids.Count);
        await foreach (var (id, spans) in traces.FindAsync(ids, tooLarge => context.Warn(tooLarge.Message), context.RequestAborted))
        {
            if (spans is not null)
                summaries[id] = Summarize(spans);
        }

        return summaries;
    }

    static TraceSummary Summarize(SpanBatch trace) => TraceSummary.Of(Trace.Assemble(trace.Spans.TraceIds[0], DistinctSpans.Of(trace).ToBatch()));

    // Of a query that ended early: what is known without another look at the trace. Copies count as spans, and nobody knows of orphans.
    static TraceSummary InPart(FoundTrace trace) => new(
        trace.Id, trace.RootService ?? "", trace.RootName ?? "", trace.Start, trace.DurationNanos, trace.SpanCount,
        trace.Services.Sum(service => service.ErrorCount), OrphanCount: 0, trace.Services);

    // The store chooses by the newest span that matches; what is shown of a trace is its own start, so that is what orders the answer.
    static IEnumerable<TraceSummary> Ordered(IReadOnlyDictionary<TraceId, TraceSummary> summaries) =>
        summaries.Values.OrderByDescending(summary => summary.Start.Value).ThenBy(summary => summary.Id);
}
