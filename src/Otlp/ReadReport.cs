namespace Clew.Otlp;

/// <summary>What became of the spans of a decoded request.</summary>
/// <param name="SpanCount">Spans in the batch.</param>
/// <param name="InvalidTraceIdCount">Spans left out because <c>trace_id</c> is not 16 bytes, or all zeros.</param>
/// <param name="InvalidSpanIdCount">Spans left out because <c>span_id</c> is not 8 bytes, or all zeros.</param>
/// <param name="InvalidParentIdCount">Spans left out because <c>parent_span_id</c> is neither empty nor 8 bytes.</param>
/// <param name="RepairedStringCount">Strings of the batch in which bytes that are not UTF-8 became U+FFFD.</param>
/// <param name="FirstRejection">Names the first span left out, its field and what is expected there; empty when there is none.</param>
public readonly record struct ReadReport(
    int SpanCount, int InvalidTraceIdCount, int InvalidSpanIdCount, int InvalidParentIdCount, int RepairedStringCount, string FirstRejection)
{
    /// <summary>For a JSON request without any span: its first top-level key that OTLP does not have, shortened if long. Empty or null when there is none.</summary>
    public string? UnknownKey { get; init; }

    /// <summary>Spans left out; each is counted under its first bad field only.</summary>
    public int RejectedSpanCount => InvalidTraceIdCount + InvalidSpanIdCount + InvalidParentIdCount;
}
