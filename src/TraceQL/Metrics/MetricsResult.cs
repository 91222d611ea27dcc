namespace Clew.TraceQL.Metrics;

/// <param name="Series">By number of labels, then by names, then by values.</param>
/// <param name="LeftOutSeriesCount">Series beyond <see cref="MetricsRequest.SeriesMax"/>.</param>
public sealed record MetricsResult(TimeGrid Grid, IReadOnlyList<MetricSeries> Series, int LeftOutSeriesCount, QueryReport Report);
