using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;

namespace Clew.Server.Tempo;

/// <summary>What answers say of series that the engine does not.</summary>
internal static class SeriesValues
{
    /// <summary>Where the sample that it belongs to is gone, an exemplar shows 0.</summary>
    public static double Of(Exemplar exemplar) => double.IsNaN(exemplar.Value) ? 0 : exemplar.Value;

    /// <summary>What the query named of the span, and its trace, whose id has no leading zeros here.</summary>
    public static IEnumerable<MetricLabel> LabelsOf(Exemplar exemplar) =>
        exemplar.Labels.Append(new MetricLabel("trace:id", Value.OfText(exemplar.TraceId.ToString().TrimStart('0'))));

    public static ulong MillisOf(UnixNanos time) => time.Value / 1_000_000;
}
