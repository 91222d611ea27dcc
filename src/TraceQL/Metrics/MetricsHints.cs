using System.Collections.Immutable;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>What <c>with (…)</c> says about metrics. Hints to count a sample only are met by counting all.</summary>
/// <param name="ExemplarsMax">Null when nothing is said. The request has a cap for it.</param>
/// <param name="Extrapolate">Spans count for those that were sampled away before they came here.</param>
internal sealed record MetricsHints(int? ExemplarsMax, bool Extrapolate)
{
    /// <summary>What <c>exemplars = true</c> means.</summary>
    const int ExemplarsDefault = 100;

    public static MetricsHints Of(ImmutableArray<Hint> hints)
    {
        var known = new MetricsHints(null, Extrapolate: false);
        foreach (var (name, value) in hints)
        {
            known = (name, value.Type) switch
            {
                ("exemplars", ValueType.Int) => known with { ExemplarsMax = (int)Math.Clamp(value.Int, 0, int.MaxValue) },
                ("exemplars", ValueType.Bool) => known with { ExemplarsMax = value.IsTrue ? ExemplarsDefault : 0 },
                ("extrapolate", ValueType.Bool) => known with { Extrapolate = value.IsTrue },
                _ => known,
            };
        }

        return known;
    }
}
