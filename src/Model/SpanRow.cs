namespace Clew.Model;

/// <summary>The scalar fields of one span, on their way into or out of <see cref="SpanColumns"/>. Names and texts are codes.</summary>
public record struct SpanRow
{
    public TraceId TraceId { get; set; }
    public SpanId SpanId { get; set; }
    public SpanId ParentSpanId { get; set; }
    public UnixNanos Start { get; set; }
    public UnixNanos End { get; set; }
    public int Scope { get; set; }
    public int Name { get; set; }
    public int TraceState { get; set; }
    public int StatusMessage { get; set; }
    public uint Flags { get; set; }
    public uint DroppedAttributeCount { get; set; }
    public uint DroppedEventCount { get; set; }
    public uint DroppedLinkCount { get; set; }
    public SpanKind Kind { get; set; }
    public StatusCode Status { get; set; }
}
