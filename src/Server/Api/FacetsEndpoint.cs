using System.Text.Json;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>What the spans that a query matches have in common: every attribute with its most frequent values.</summary>
internal sealed class FacetsEndpoint(TraceQLEngine engine, QueryOptions options, TimeProvider time)
{
    const int LimitDefault = 10;

    public ApiEndpoint[] All => [new("facets", "facets", ["q", "start", "end", "limit", "explain"], FacetsAsync)];

    async Task FacetsAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        var spans = parameters.ReadSpans("Facets count");
        var range = parameters.ReadRecent(time);
        var valuesMax = parameters.ReadCount("limit", LimitDefault, 1, Facets.ValuesMax);
        var isExplained = parameters.ReadFlag("explain");
        if (spans is null || parameters.Error is not null)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, parameters.Error!);
            return;
        }

        var request = new MetricsRequest { Start = range.From, End = range.To, SeriesMax = int.MaxValue, Budget = options.Budget };
        try
        {
            using var result = await engine.MetricsAsync(Facets.QueryFor(spans, valuesMax), request, context.RequestAborted);
            await using var answer = new JsonAnswer(context);
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("query", spans.ToString());
            await WriteAsync(answer, Facets.Read(result));
            ReportJson.Write(answer.Writer, result.Report, options, isExplained);
            answer.Writer.WriteEndObject();
        }
        catch (QueryFailedException failed)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, new ApiError(failed.Message, "q"));
        }
    }

    static async Task WriteAsync(JsonAnswer answer, IReadOnlyList<AttributeFacet> facets)
    {
        // Every span has a kind.
        answer.Writer.WriteNumber("spans", facets.Count == 0 ? 0 : facets.Max(facet => facet.SpanCount));
        answer.Writer.WriteStartArray("facets");
        foreach (var facet in facets)
        {
            Write(answer.Writer, facet);
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
    }

    static void Write(Utf8JsonWriter writer, AttributeFacet facet)
    {
        writer.WriteStartObject();
        writer.WriteString("name", facet.Name);
        writer.WriteNumber("spans", facet.SpanCount);
        writer.WriteStartArray("values");
        foreach (var (value, count) in facet.Values)
        {
            writer.WriteStartObject();
            ValueJson.WriteTyped(writer, value);
            writer.WriteNumber("spans", count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("others", facet.SpanCount - facet.Values.Sum(value => value.Count));
        writer.WriteBoolean("tooMany", facet.HasTooMany);
        writer.WriteEndObject();
    }
}
