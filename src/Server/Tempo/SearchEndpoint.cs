using Clew.Model;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary><c>/api/search</c>.</summary>
internal sealed class SearchEndpoint(TempoQueries queries)
{
    static readonly string[] Known = ["q", "tags", "minDuration", "maxDuration", "limit", "spss", "start", "end"];

    public async Task AnswerAsync(HttpContext context, TempoParameters parameters)
    {
        var question = Read(parameters);
        if (parameters.Problem is { } wrong)
        {
            await TempoAnswer.RefuseAsync(context, wrong);
            return;
        }

        if (!question.TryCompile(queries.Options, out var query, out var request, out var problem))
        {
            await TempoAnswer.RefuseAsync(context, problem);
            return;
        }

        using var found = await queries.Engine.SearchAsync(query, request, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("traces");
        foreach (var trace in found.Traces)
        {
            SearchJson.Write(answer.Writer, trace);
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
        ReadsJson.Write(answer.Writer, AnswerCost.Of(found.Report));
        answer.Writer.WriteEndObject();
    }

    static SearchQuestion Read(TempoParameters parameters)
    {
        var question = new SearchQuestion
        {
            Text = parameters.Text("q").Trim(),
            DurationNanosMin = parameters.DurationNanos("minDuration", 0),
            DurationNanosMax = parameters.DurationNanos("maxDuration", ulong.MaxValue),
            Range = parameters.Range(),
            TraceCountMax = parameters.Count("limit", SearchQuestion.TracesDefault, 1),
            SpansPerSpanset = parameters.Count("spss", 0, 0, SearchQuestion.SpansMax),
        };
        return question with { Tags = ReadTags(parameters) };
    }

    static IReadOnlyList<(string Key, string Value)> ReadTags(TempoParameters parameters)
    {
        var text = parameters.Text("tags");
        if (text.Length > 0)
        {
            if (!Logfmt.TryParse(text, out var tags, out var problem))
                parameters.Fail($"invalid tags: {problem}");
            return tags;
        }

        // Grafana before its version 7.5 sent tags as parameters of their own.
        return parameters.Has("q") || parameters.Has("start") || parameters.Has("end")
            ? []
            : [.. parameters.Names.Where(name => !Known.Contains(name) && parameters.Has(name)).Select(name => (name, parameters.Text(name)))];
    }
}
