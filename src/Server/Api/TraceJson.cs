using Clew.Model;
using Clew.Otlp;
using Clew.Server.Queries;

namespace Clew.Server.Api;

/// <summary>Writes a trace as OTLP/JSON, sending as it goes: a long trace comes in several <c>resourceSpans</c> of the same resources.</summary>
internal static class TraceJson
{
    const int SpansPerPiece = 1_000;

    public static async Task WriteAsync(SpanBatch spans, JsonAnswer answer)
    {
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("resourceSpans");
        if (spans.SpanCount <= SpansPerPiece)
            ExportRequestJsonWriter.WriteResourceSpans(spans, answer.Writer);
        else
            await WritePiecesAsync(spans, answer);
        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }

    static async Task WritePiecesAsync(SpanBatch spans, JsonAnswer answer)
    {
        for (var first = 0; first < spans.SpanCount; first += SpansPerPiece)
        {
            var copier = new SpanCopier(new SpanBatch());
            for (var row = first; row < Math.Min(first + SpansPerPiece, spans.SpanCount); row++)
                copier.Copy(spans, row);
            ExportRequestJsonWriter.WriteResourceSpans(copier.Target, answer.Writer);
            await answer.SendIfMuchAsync();
        }
    }
}
