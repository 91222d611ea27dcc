using Clew.Analysis;
using Clew.Model;
using Clew.Otlp;
using Clew.Server.Queries;

namespace Clew.Server.Api;

/// <summary>Writes a trace as OTLP/JSON, sending as it goes: a long trace comes in several <c>resourceSpans</c> of the same resources.</summary>
/// <remarks>Where copies were left out, <see cref="CopiesField"/> comes first and says how many; receivers of OTLP pass over fields that they do not know.</remarks>
internal static class TraceJson
{
    public const string CopiesField = "identicalCopiesLeftOut";

    const int SpansPerPiece = 1_000;

    public static async Task WriteAsync(DistinctSpans distinct, JsonAnswer answer)
    {
        var spans = distinct.ToBatch();
        answer.Writer.WriteStartObject();
        if (distinct.CopyCount > 0)
            answer.Writer.WriteNumber(CopiesField, distinct.CopyCount);
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
