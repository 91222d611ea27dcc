using Clew.Server.Queries;
using Clew.TraceQL.Tags;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary>The endpoints that tell which tags there are, and which values they have.</summary>
internal sealed class TagsEndpoint(TempoQueries queries)
{
    /// <summary><c>/api/search/tags</c>: names, whatever has them; those of intrinsics only when asked for.</summary>
    public async Task AnswerTagsV1Async(HttpContext context, TempoParameters parameters)
    {
        using var found = await FindTagsAsync(context, parameters, "");
        if (found is null)
            return;
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("tagNames");
        foreach (var name in found.PlainNames())
            answer.Writer.WriteStringValue(name);
        answer.Writer.WriteEndArray();
        ReadsJson.WriteOfTags(answer.Writer, AnswerCost.Of(found.Reads));
        answer.Writer.WriteEndObject();
    }

    /// <summary><c>/api/v2/search/tags</c>: names by scope.</summary>
    public async Task AnswerTagsV2Async(HttpContext context, TempoParameters parameters)
    {
        using var found = await FindTagsAsync(context, parameters, parameters.Text("q"));
        if (found is null)
            return;
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("scopes");
        foreach (var (scope, names) in found.Scopes)
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("name", scope);
            answer.Writer.WriteStartArray("tags");
            foreach (var name in names)
                answer.Writer.WriteStringValue(name);
            answer.Writer.WriteEndArray();
            answer.Writer.WriteEndObject();
        }

        answer.Writer.WriteEndArray();
        ReadsJson.WriteOfTags(answer.Writer, AnswerCost.Of(found.Reads));
        answer.Writer.WriteEndObject();
    }

    /// <summary><c>/api/search/tag/{name}/values</c>: values as texts.</summary>
    public async Task AnswerValuesV1Async(HttpContext context, string name, TempoParameters parameters)
    {
        using var found = await FindValuesAsync(context, name, isPlain: true, parameters);
        if (found is null)
            return;
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("tagValues");
        foreach (var value in found.Values)
            answer.Writer.WriteStringValue(TagValueText.Of(value));
        answer.Writer.WriteEndArray();
        ReadsJson.WriteOfTags(answer.Writer, AnswerCost.Of(found));
        answer.Writer.WriteEndObject();
    }

    /// <summary><c>/api/v2/search/tag/{name}/values</c>: values with their types.</summary>
    public async Task AnswerValuesV2Async(HttpContext context, string name, TempoParameters parameters)
    {
        using var found = await FindValuesAsync(context, name, isPlain: false, parameters);
        if (found is null)
            return;
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("tagValues");
        foreach (var value in found.Values)
        {
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("type", TagValueText.TypeOf(value));
            answer.Writer.WriteString("value", TagValueText.Of(value));
            answer.Writer.WriteEndObject();
        }

        answer.Writer.WriteEndArray();
        ReadsJson.WriteOfTags(answer.Writer, AnswerCost.Of(found));
        answer.Writer.WriteEndObject();
    }

    async Task<FoundTags?> FindTagsAsync(HttpContext context, TempoParameters parameters, string text)
    {
        var question = new TagsQuestion(parameters.Text("scope"), text, parameters.Range(), parameters.Count("limit", 0, 0));
        if ((parameters.Problem ?? question.Problem) is not { } problem)
            return await queries.TagsAsync(question, context.RequestAborted);
        await TempoAnswer.RefuseAsync(context, problem);
        return null;
    }

    async Task<TagValuesResult?> FindValuesAsync(HttpContext context, string name, bool isPlain, TempoParameters parameters)
    {
        var question = new TagValuesQuestion(name, isPlain, isPlain ? "" : parameters.Text("q"), parameters.Range(), parameters.Count("limit", 0, 0));
        var problem = "";
        if (parameters.Problem is null && question.TryCompile(out problem) is { } field)
            return await queries.TagValuesAsync(field, question, context.RequestAborted);
        await TempoAnswer.RefuseAsync(context, parameters.Problem ?? problem);
        return null;
    }
}
