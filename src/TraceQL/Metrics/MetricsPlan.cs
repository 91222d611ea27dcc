using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>What all threads that count for a query go by.</summary>
/// <param name="Shown">What exemplars show of their spans.</param>
internal sealed record MetricsPlan(TimeGrid Grid, MetricsHints Hints, int ExemplarsMax, IReadOnlyList<(string Name, FieldExpression Field)> Shown, QueryWork Work);
