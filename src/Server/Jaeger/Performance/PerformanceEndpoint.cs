using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger.Performance;

/// <summary><c>/api/metrics/…</c>: what Jaeger's Monitor tab asks for, worked out of the spans that are stored.</summary>
internal sealed class PerformanceEndpoint(TraceQLEngine engine, QueryOptions options, TimeProvider time)
{
    /// <param name="name">The last segment of the path.</param>
    /// <returns>Null when there is nothing of that name.</returns>
    public Func<HttpContext, Task>? Find(string name) => name switch
    {
        "latencies" => context => AnswerAsync(context, PerformanceMetric.Latencies),
        "calls" => context => AnswerAsync(context, PerformanceMetric.Calls),
        "errors" => context => AnswerAsync(context, PerformanceMetric.Errors),
        "minstep" => context => JaegerEnvelope.WriteNumberAsync(context, PerformanceParameters.StepMillisMin),
        _ => null,
    };

    async Task AnswerAsync(HttpContext context, PerformanceMetric metric)
    {
        if (!PerformanceParameters.TryRead(context.Request.Query, metric, time.GetUtcNow(), out var question, out var problem))
        {
            await JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        if (question.ToRequest(options.Budget) is not { } request)
        {
            await JaegerEnvelope.WriteErrorAsync(
                context, StatusCodes.Status400BadRequest,
                $"'lookback', 'step' and 'ratePer' ask for more than {TimeGrid.StepCountMax} points: make 'lookback' shorter, or 'step' longer with 'ratePer' a multiple of it");
            return;
        }

        using var found = await engine.MetricsAsync(PerformanceQuery.Of(question), request, context.RequestAborted);
        // There is no word for a part of an answer here, and rates of a part are no rates.
        if (found.Report.Partial is { } limit)
        {
            await JaegerEnvelope.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, MessageOf(limit));
            return;
        }

        var counts = new WindowCounts(question, found.Grid);
        foreach (var series in found.Series)
            counts.Add(series);
        await using var answer = JaegerEnvelope.Bare(context);
        await MetricFamilyJson.WriteAsync(answer, question, counts.ToSeries());
    }

    string MessageOf(ReadLimit limit) => $"not all spans were counted before {limit switch
    {
        ReadLimit.Time => "query.timeout was over",
        ReadLimit.Bytes => "as many bytes as query.scanned_bytes_max allows were read",
        ReadLimit.Memory => $"as much memory as {options.MemoryBound.Setting} allows was taken",
        _ => "as much memory as query.memory_bytes_total_max allows for all queries was taken",
    }}: ask for a shorter 'lookback', a longer 'step' or fewer services";
}
