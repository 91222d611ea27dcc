namespace Clew.TraceQL.Metrics;

/// <summary>Labels as what they set apart: equal when names and values are, in the same order.</summary>
internal sealed class SeriesLabels(IReadOnlyList<MetricLabel> labels) : IEquatable<SeriesLabels>, IComparable<SeriesLabels>
{
    public IReadOnlyList<MetricLabel> Labels => labels;

    public bool Equals(SeriesLabels? other) => other is not null && labels.SequenceEqual(other.Labels);

    public override bool Equals(object? obj) => Equals(obj as SeriesLabels);

    public override int GetHashCode() => labels.Aggregate(labels.Count, HashCode.Combine);

    /// <summary>The order of answers.</summary>
    public int CompareTo(SeriesLabels? other)
    {
        if (other is null)
            return 1;
        if (labels.Count != other.Labels.Count)
            return labels.Count.CompareTo(other.Labels.Count);
        for (var at = 0; at < labels.Count; at++)
        {
            if (string.CompareOrdinal(labels[at].Name, other.Labels[at].Name) is var byName and not 0)
                return byName;
        }

        for (var at = 0; at < labels.Count; at++)
        {
            if (Compare(labels[at].Value, other.Labels[at].Value) is var byValue and not 0)
                return byValue;
        }

        return 0;
    }

    static int Compare(Value left, Value right) => left.IsNumber && right.IsNumber && left.Number.CompareTo(right.Number) is var order and not 0
        ? order
        : string.CompareOrdinal(left.ToString(), right.ToString());
}
