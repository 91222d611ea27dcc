using System.Text.Json;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger;

/// <summary>What Jaeger wraps every answer in: <c>{"data":…,"total":N,"limit":0,"offset":0,"errors":null|[…]}</c>.</summary>
internal static class JaegerEnvelope
{
    /// <summary>For the answers that have no envelope.</summary>
    public static JsonAnswer Bare(HttpContext context) => new JsonAnswer(context, isIndented: context.Request.Query.First("prettyPrint") == "true");

    /// <summary>Opens a list of data; <see cref="EndAsync"/> closes it.</summary>
    public static JsonAnswer Begin(HttpContext context)
    {
        var answer = Bare(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("data");
        return answer;
    }

    /// <param name="total">The length of lists of names; 0 for traces.</param>
    public static async Task EndAsync(JsonAnswer answer, int total, IReadOnlyList<JaegerTraceError>? errors = null)
    {
        var writer = answer.Writer;
        writer.WriteEndArray();
        WriteCounts(writer, total);
        if (errors is null || errors.Count == 0)
        {
            writer.WriteNull("errors");
        }
        else
        {
            writer.WriteStartArray("errors");
            foreach (var (code, message, id) in errors)
                WriteError(writer, code, message, JaegerTraceId.Format(id));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        await answer.DisposeAsync();
    }

    /// <summary>Data that is one number.</summary>
    public static async Task WriteNumberAsync(HttpContext context, int number)
    {
        await using var answer = Bare(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteNumber("data", number);
        WriteCounts(answer.Writer, 0);
        answer.Writer.WriteNull("errors");
        answer.Writer.WriteEndObject();
    }

    public static async Task WriteErrorAsync(HttpContext context, int code, string message)
    {
        await using var answer = new JsonAnswer(context, code, context.Request.Query.First("prettyPrint") == "true");
        var writer = answer.Writer;
        writer.WriteStartObject();
        writer.WriteNull("data");
        WriteCounts(writer, 0);
        writer.WriteStartArray("errors");
        WriteError(writer, code, message, null);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteCounts(Utf8JsonWriter writer, int total)
    {
        writer.WriteNumber("total", total);
        writer.WriteNumber("limit", 0);
        writer.WriteNumber("offset", 0);
    }

    static void WriteError(Utf8JsonWriter writer, int code, string message, string? traceId)
    {
        writer.WriteStartObject();
        writer.WriteNumber("code", code);
        writer.WriteString("msg", message);
        if (traceId is not null)
            writer.WriteString("traceID", traceId);
        writer.WriteEndObject();
    }
}
