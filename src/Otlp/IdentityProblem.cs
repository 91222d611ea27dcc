namespace Clew.Otlp;

/// <summary>Which identity makes a span unusable.</summary>
internal enum IdentityProblem : byte
{
    None,
    TraceId,
    SpanId,
    ParentSpanId,
}
