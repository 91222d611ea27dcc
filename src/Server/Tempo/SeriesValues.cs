using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;

namespace Clew.Server.Tempo;

/// <summary>What answers say of series that the engine does not.</summary>
internal static class SeriesValues
{
    /// <summary>Where only its being there counted, an exemplar shows the value of the sample that it belongs to.</summary>
    public static double Of(Exemplar exemplar, MetricSeries series, TimeGrid grid)
    {
        if (!double.IsNaN(exemplar.Value))
            return exemplar.Value;
        var bucket = grid.BucketOf(exemplar.Start);
        return bucket < series.Samples.Length && !double.IsNaN(series.Samples[bucket]) ? series.Samples[bucket] : 0;
    }

    /// <summary>What the query named of the span, and its trace, whose id has no leading zeros here.</summary>
    public static IEnumerable<MetricLabel> LabelsOf(Exemplar exemplar) =>
        exemplar.Labels.Append(new MetricLabel("trace:id", Value.OfText(exemplar.TraceId.ToString().TrimStart('0'))));

    public static ulong MillisOf(UnixNanos time) => time.Value / 1_000_000;
}
