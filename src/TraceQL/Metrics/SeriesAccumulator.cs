namespace Clew.TraceQL.Metrics;

/// <summary>What is known of one group of spans, per bucket of time, while they are counted. For one thread.</summary>
internal abstract class SeriesAccumulator
{
    /// <summary>Takes one span, or one of its values.</summary>
    /// <param name="value">What the function's argument says of it; 0 for functions without.</param>
    /// <param name="weight">For how many spans it stands.</param>
    public abstract void Add(int bucket, double value, double weight);

    /// <summary>Takes what another thread knows of the same group.</summary>
    public abstract void TakeAll(SeriesAccumulator other);

    /// <summary>The finished series: further labels, and the samples.</summary>
    public abstract IEnumerable<(IReadOnlyList<MetricLabel> Labels, double[] Samples)> ToSeries(TimeGrid grid);
}
