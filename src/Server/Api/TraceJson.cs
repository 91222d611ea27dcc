using Clew.Analysis;
using Clew.Model;
using Clew.Otlp;
using Clew.Server.Queries;

namespace Clew.Server.Api;

/// <summary>Writes a trace as OTLP/JSON, sending as it goes: a long trace comes in several <c>resourceSpans</c> of the same resources.</summary>
/// <remarks>
/// Where copies were left out, <see cref="CopiesField"/> comes first and says how many; where a keep rule kept the trace, <see cref="KeptField"/> says which and how many like
/// it the trace stands for. Receivers of OTLP pass over fields that they do not know.
/// </remarks>
internal static class TraceJson
{
    public const string CopiesField = "identicalCopiesLeftOut";

    public const string KeptField = "kept";

    const int SpansPerPiece = 1_000;

    public static async Task WriteAsync(DistinctSpans distinct, KeepDecision? decision, JsonAnswer answer)
    {
        var spans = distinct.ToBatch();
        answer.Writer.WriteStartObject();
        if (distinct.CopyCount > 0)
            answer.Writer.WriteNumber(CopiesField, distinct.CopyCount);
        if (decision is not null)
        {
            answer.Writer.WriteStartObject(KeptField);
            answer.Writer.WriteString("reason", decision.Reason);
            answer.Writer.WriteNumber("weight", decision.Weight);
            answer.Writer.WriteEndObject();
        }

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
