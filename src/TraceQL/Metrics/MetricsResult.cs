namespace Clew.TraceQL.Metrics;

/// <summary>Disposing gives back the memory that it is counted with.</summary>
/// <param name="Series">By number of labels, then by names, then by values.</param>
/// <param name="LeftOutSeriesCount">Series beyond <see cref="MetricsRequest.SeriesMax"/>.</param>
public sealed record MetricsResult(TimeGrid Grid, IReadOnlyList<MetricSeries> Series, int LeftOutSeriesCount, QueryReport Report) : IDisposable
{
    public void Dispose() => Report.Reads.Room.Dispose();
}
