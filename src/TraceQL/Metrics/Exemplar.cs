using Clew.Model;

namespace Clew.TraceQL.Metrics;

/// <summary>A span of those that a sample was worked out of.</summary>
/// <param name="Labels">What the query named of the span.</param>
/// <param name="Value">What it added; NaN where only its being there counted.</param>
public sealed record Exemplar(TraceId TraceId, SpanId SpanId, UnixNanos Start, double Value, IReadOnlyList<MetricLabel> Labels);
