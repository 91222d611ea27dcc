using Clew.Model;

namespace Clew.TraceQL.Searching;

/// <summary>What found traces take in memory, about.</summary>
internal static class FoundBytes
{
    const int TraceBytes = 400, ServiceBytes = 100, SetBytes = 120, SpanBytes = 200, AttributeBytes = 40;

    public static long Of(FoundTrace trace) => TraceBytes + ((long)ServiceBytes * trace.Services.Count) + Of(trace.Summary) + trace.Spansets.Sum(Of);

    public static long Of(TraceSummary? summary) => summary is null ? 0 : TraceBytes + ((long)ServiceBytes * summary.Services.Count);

    public static long Of(FoundSpanset set) => SetBytes + Of(set.Attributes) + set.Spans.Sum(span => SpanBytes + (2L * span.Name.Length) + Of(span.Attributes));

    static long Of(IReadOnlyList<(string Name, Value Value)> attributes) => attributes.Sum(attribute => AttributeBytes + QueryWork.BytesOf(attribute.Value));
}
