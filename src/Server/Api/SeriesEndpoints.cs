using System.Text.Json;
using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Syntax;
using Clew.TraceQL.Tags;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>Numbers over time: of a query for metrics, and of the spans that a query for traces matches.</summary>
internal sealed class SeriesEndpoints(TraceQLEngine engine, NameHints names, QueryOptions options, TimeProvider time)
{
    const int ExemplarsMax = 1_000, BucketsDefault = 60, BucketsMax = 1_000;

    public ApiEndpoint[] All =>
    [
        new("metrics", "metrics", ["q", "start", "end", "step", "exemplars", "explain"], MetricsAsync),
        new("histogram", "histogram", ["q", "start", "end", "buckets", "explain"], HistogramAsync),
    ];

    async Task MetricsAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        var query = parameters.ReadQuery();
        if (query is { Metrics: null })
            parameters.Fail($"'{query}' asks for traces, which /api/clew/v1/search answers: for time series put a function behind it, as in {{ }} | rate().", "q");
        var range = parameters.ReadRecent(time);
        var step = parameters.ReadDuration("step");
        if (step > 0 && TimeGrid.Of(range.From, range.To, step) is null)
            parameters.Fail($"step {parameters.Text("step")} cuts the range into more than {TimeGrid.StepCountMax} pieces; make it longer.", "step");
        var exemplars = parameters.ReadCount("exemplars", 0, 0, ExemplarsMax);
        var isExplained = parameters.ReadFlag("explain");
        if (parameters.Error is { } problem)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        var request = new MetricsRequest { Start = range.From, End = range.To, StepNanos = step, ExemplarsMax = exemplars, Budget = options.Budget };
        try
        {
            using var result = await engine.MetricsAsync(query!, request, context.RequestAborted);
            var hints = await HintsAsync(query!, result, context.RequestAborted);
            await using var answer = new JsonAnswer(context);
            await WriteSeriesAsync(answer, result, hints, isExplained);
        }
        catch (QueryFailedException failed)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, new ApiError(failed.Message, "q"));
        }
    }

    async Task HistogramAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        var spans = parameters.ReadSpans("A histogram counts");
        var range = parameters.ReadRecent(time);
        var bucketsMax = parameters.ReadCount("buckets", BucketsDefault, 1, BucketsMax);
        var isExplained = parameters.ReadFlag("explain");
        var width = HistogramBars.Fit(range, bucketsMax);
        if (TimeGrid.Of(range.From, range.To, width) is null)
            parameters.Fail($"From {range.From} to {range.To} is longer than any histogram; narrow the range.", "start");
        if (spans is null || parameters.Error is not null)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, parameters.Error!);
            return;
        }

        var request = new MetricsRequest { Start = range.From, End = range.To, StepNanos = width, IsExact = true, Budget = options.Budget };
        try
        {
            using var result = await engine.MetricsAsync(HistogramBars.CountByStatus(spans), request, context.RequestAborted);
            var hints = await HintsAsync(new Query(spans, null, []), result, context.RequestAborted);
            await using var answer = new JsonAnswer(context);
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("query", spans.ToString());
            HistogramBars.Write(answer.Writer, result, width, range);
            ReportJson.WriteHints(answer.Writer, hints);
            ReportJson.Write(answer.Writer, result.Report, options, isExplained);
            answer.Writer.WriteEndObject();
        }
        catch (QueryFailedException failed)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, new ApiError(failed.Message, "q"));
        }
    }

    async Task<IReadOnlyList<string>> HintsAsync(Query query, MetricsResult result, CancellationToken cancellation) =>
        result.Series.All(series => series.Samples.All(sample => sample is 0 or double.NaN)) ? await names.FindAsync(query, result.Report, options.Budget, cancellation) : [];

    async Task WriteSeriesAsync(JsonAnswer answer, MetricsResult result, IReadOnlyList<string> hints, bool isExplained)
    {
        var (writer, grid) = (answer.Writer, result.Grid);
        writer.WriteStartObject();
        writer.WriteString("query", result.Report.Query);
        writer.WriteStartArray("timesUnixNano");
        for (var bucket = 0; bucket < grid.Count; bucket++)
            writer.WriteStringValue(grid.StampOf(bucket).ToString());
        writer.WriteEndArray();
        writer.WriteStartArray("series");
        foreach (var series in result.Series)
        {
            Write(writer, series);
            await answer.SendIfMuchAsync();
        }

        writer.WriteEndArray();
        ReportJson.WriteHints(writer, hints);
        ReportJson.Write(writer, result.Report, options, isExplained, result.LeftOutSeriesCount);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, MetricSeries series)
    {
        writer.WriteStartObject();
        ValueJson.WriteList(writer, "labels", series.Labels.Select(label => (label.Name, label.Value)));
        writer.WriteStartArray("samples");
        foreach (var sample in series.Samples)
            ValueJson.WriteNumber(writer, sample);
        writer.WriteEndArray();
        writer.WriteStartArray("exemplars");
        foreach (var exemplar in series.Exemplars)
        {
            writer.WriteStartObject();
            writer.WriteString("traceId", exemplar.TraceId.ToString());
            writer.WriteString("spanId", exemplar.SpanId.ToString());
            writer.WriteString("startTimeUnixNano", exemplar.Start.ToString());
            writer.WritePropertyName("value");
            ValueJson.WriteNumber(writer, exemplar.Value);
            ValueJson.WriteList(writer, "attributes", exemplar.Labels.Select(label => (label.Name, label.Value)));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
