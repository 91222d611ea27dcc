using Clew.Model;
using Clew.Otlp;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary><c>/api/traces/{id}</c> and <c>/api/v2/traces/{id}</c>.</summary>
internal sealed class TraceByIdEndpoint(TempoQueries queries)
{
    const string Protobuf = "application/protobuf";

    /// <summary>TracesData in protobuf, or <c>{"batches":[…]}</c>; 404 with nothing for a trace that is not there.</summary>
    public async Task AnswerV1Async(HttpContext context, string text, TempoParameters parameters)
    {
        using var room = queries.NewRoomForTrace();
        if (!TryRead(text, parameters, out var id, out var problem))
            await TempoAnswer.RefuseAsync(context, problem);
        else if (await queries.TraceAsync(id, room, context.RequestAborted) is not { } spans)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (WantsProtobuf(context))
            await WriteProtobufAsync(context, spans, isWrapped: false);
        else
            await WriteJsonAsync(context, "batches", spans, isWrapped: false);
    }

    /// <summary>A <c>TraceByIDResponse</c>, empty for a trace that is not there; with <c>q</c>, of the spans that it finds.</summary>
    public async Task AnswerV2Async(HttpContext context, string text, TempoParameters parameters)
    {
        var part = TracePart.Read(parameters);
        if (!TryRead(text, parameters, out var id, out var problem))
        {
            await TempoAnswer.RefuseAsync(context, problem);
            return;
        }

        using var room = queries.NewRoomForTrace();
        var whole = await queries.TraceAsync(id, room, context.RequestAborted);
        var spans = whole is null ? null : part?.Of(id, whole) ?? whole;
        var message = spans?.SpanCount < whole?.SpanCount ? $"{whole.SpanCount - spans.SpanCount} of {whole.SpanCount} spans are left out, as q asks" : "";
        if (spans?.SpanCount == 0)
            spans = null;
        if (WantsProtobuf(context))
            await WriteProtobufAsync(context, spans, isWrapped: true, message);
        else
            await WriteJsonAsync(context, "resourceSpans", spans, isWrapped: true, message);
    }

    static bool WantsProtobuf(HttpContext context) => context.Request.Headers.Accept.ToString().Contains(Protobuf, StringComparison.OrdinalIgnoreCase);

    // The times are hints where to look, which this store has no need of; a zero is none.
    static bool TryRead(string text, TempoParameters parameters, out TraceId id, out string problem)
    {
        var (start, end) = (parameters.Seconds("start"), parameters.Seconds("end"));
        if (start != 0 && end != 0 && end <= start)
            parameters.Fail($"http parameter start must be before end. received start={start} end={end}");
        problem = "";
        if (!TraceId.TryParse(text, out id))
            problem = text.Length > 32 ? "trace IDs can't be larger than 128 bits" : $"trace IDs can only contain hex characters: '{text}' is none";
        else if (parameters.Problem is not null)
            problem = parameters.Problem;
        return problem.Length == 0;
    }

    /// <param name="partial">Why it is not all of the trace; empty when it is.</param>
    static async Task WriteProtobufAsync(HttpContext context, SpanBatch? spans, bool isWrapped, string partial = "")
    {
        using var trace = new PooledBuffer();
        if (spans is not null)
            ExportRequestWriter.Write(spans, trace);
        using PooledBuffer head = new(), tail = new();
        if (isWrapped)
            TraceMessage.WriteHead(trace.Count, head);
        if (partial.Length > 0)
            TraceMessage.WriteTail(partial, tail);
        context.Response.ContentType = Protobuf;
        context.Response.ContentLength = head.Count + trace.Count + tail.Count;
        foreach (var content in new[] { head, trace, tail })
            await context.Response.BodyWriter.WriteAsync(content.WrittenMemory, context.RequestAborted);
    }

    static async Task WriteJsonAsync(HttpContext context, string name, SpanBatch? spans, bool isWrapped, string partial = "")
    {
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        if (isWrapped)
            answer.Writer.WriteStartObject("trace");
        if (spans is not null)
        {
            answer.Writer.WriteStartArray(name);
            foreach (var piece in SpanPieces.Of(spans))
            {
                ExportRequestJsonWriter.WriteResourceSpans(piece, answer.Writer, JsonDialect.Jsonpb);
                await answer.SendIfMuchAsync();
            }

            answer.Writer.WriteEndArray();
        }

        if (isWrapped)
            answer.Writer.WriteEndObject();
        if (partial.Length > 0)
        {
            answer.Writer.WriteString("status", "PARTIAL");
            answer.Writer.WriteString("message", partial);
        }

        answer.Writer.WriteEndObject();
    }
}
