namespace Clew.TraceQL.Metrics;

/// <summary>One line of a graph.</summary>
/// <param name="Labels">What sets it apart, by canonical text.</param>
/// <param name="Samples">One for each bucket of the grid; NaN where there is none.</param>
public sealed record MetricSeries(IReadOnlyList<MetricLabel> Labels, double[] Samples, IReadOnlyList<Exemplar> Exemplars);
