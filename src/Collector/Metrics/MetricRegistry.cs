namespace Clew.Collector.Metrics;

/// <summary>The server's own metrics, in the order in which they were declared.</summary>
public sealed class MetricRegistry
{
    readonly Lock _changing = new();
    MetricFamily[] _families = [];

    /// <param name="name">Without <c>_total</c>, which the exposition adds.</param>
    /// <param name="secondLabel">Empty when one label is enough.</param>
    public CounterFamily AddCounter(string name, string help, string label, string secondLabel = "") => Add(new CounterFamily(name, help, label, secondLabel));

    /// <param name="bounds">Upper bounds of the buckets, ascending; the last one, infinity, is understood.</param>
    public HistogramFamily AddHistogram(string name, string help, double[] bounds, string label = "", string secondLabel = "") =>
        Add(new HistogramFamily(name, help, bounds, label, secondLabel));

    /// <summary>Adds a metric whose value is asked for on each exposition; a counter's must not fall.</summary>
    public void AddObserved(string name, MetricType type, string help, Func<double> observe) => Add(new ObservedFamily(name, type, help, observe));

    /// <summary>Adds a metric whose values, one per combination of labels, are asked for on each exposition.</summary>
    /// <param name="secondLabel">Empty when one label is enough.</param>
    public void AddObserved(
        string name, MetricType type, string help, string label, string secondLabel, Func<IEnumerable<(string First, string Second, double Value)>> observe) =>
        Add(new ObservedFamilies(name, type, help, label, secondLabel, observe));

    public void Write(OpenMetricsWriter writer)
    {
        foreach (var family in Volatile.Read(ref _families))
        {
            writer.WriteHeader(family);
            family.WriteSamples(writer);
        }

        writer.WriteEnd();
    }

    T Add<T>(T family)
        where T : MetricFamily
    {
        lock (_changing)
        {
            if (_families.Any(other => other.Name == family.Name))
                throw new ArgumentException($"The metric {family.Name} is declared twice.", nameof(family));
            Volatile.Write(ref _families, [.. _families, family]);
        }

        return family;
    }
}
