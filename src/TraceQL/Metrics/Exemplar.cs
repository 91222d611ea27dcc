using Clew.Model;

namespace Clew.TraceQL.Metrics;

/// <summary>A span of those that a sample was worked out of.</summary>
/// <param name="Labels">What the query named of the span.</param>
/// <param name="Value">What it added, and what was calculated with that; where only its being there counted, the sample that it is part of. NaN when there is no such sample.</param>
public sealed record Exemplar(TraceId TraceId, SpanId SpanId, UnixNanos Start, double Value, IReadOnlyList<MetricLabel> Labels);
