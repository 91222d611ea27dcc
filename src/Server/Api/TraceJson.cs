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
        foreach (var piece in SpanPieces.Of(spans))
        {
            ExportRequestJsonWriter.WriteResourceSpans(piece, answer.Writer);
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteEndObject();
    }
}
