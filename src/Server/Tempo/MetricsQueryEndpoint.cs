using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL.Metrics;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary><c>/api/metrics/query_range</c> and <c>/api/metrics/query</c>.</summary>
internal sealed class MetricsQueryEndpoint(TempoQueries queries, TimeProvider time)
{
    const ulong HourNanos = 3_600_000_000_000;

    public async Task AnswerRangeAsync(HttpContext context, TempoParameters parameters)
    {
        using var found = await FindAsync(context, Read(parameters, isInstant: false), parameters);
        if (found is null)
            return;
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("series");
        foreach (var series in found.Series)
        {
            SeriesJson.Write(answer.Writer, series, found.Grid);
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
        End(answer, found);
    }

    public async Task AnswerInstantAsync(HttpContext context, TempoParameters parameters)
    {
        using var found = await FindAsync(context, Read(parameters, isInstant: true), parameters);
        if (found is null)
            return;
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("series");
        foreach (var series in found.Series.Where(series => !double.IsNaN(series.Samples[0])))
        {
            SeriesJson.WriteInstant(answer.Writer, series);
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
        End(answer, found);
    }

    void End(JsonAnswer answer, MetricsResult found)
    {
        ReadsJson.Write(answer.Writer, AnswerCost.Of(found.Report));
        if (queries.PartialMessage(found.Report.Partial, found.LeftOutSeriesCount) is { } message)
        {
            answer.Writer.WriteString("status", "PARTIAL");
            answer.Writer.WriteString("message", message);
        }

        answer.Writer.WriteEndObject();
    }

    async Task<MetricsResult?> FindAsync(HttpContext context, MetricsQuestion question, TempoParameters parameters)
    {
        var problem = "";
        if (parameters.Problem is null && question.TryCompile(queries.Options, out var query, out var request, out problem))
            return await queries.Engine.MetricsAsync(query, request, context.RequestAborted);
        await TempoAnswer.RefuseAsync(context, parameters.Problem ?? problem);
        return null;
    }

    MetricsQuestion Read(TempoParameters parameters, bool isInstant)
    {
        var now = UnixNanos.From(time.GetUtcNow());
        var since = parameters.PeriodNanos("since", HourNanos);
        var end = parameters.Time("end") ?? now;
        return new MetricsQuestion
        {
            Text = parameters.Has("q") ? parameters.Text("q") : parameters.Text("query"),
            Start = parameters.Time("start") ?? (end < now ? end : now).Minus(since),
            End = end,
            IsInstant = isInstant,
            StepNanos = isInstant ? 0 : parameters.StepNanos("step"),
            Exemplars = parameters.Count("exemplars", 0, 0),
            Series = parameters.Count("maxSeries", 0, 0),
        };
    }
}
