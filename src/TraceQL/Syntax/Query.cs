using System.Collections.Immutable;

namespace Clew.TraceQL.Syntax;

/// <summary>A query as it was written; <c>ToString</c> is its canonical text. Exactly one of the two expressions is there.</summary>
/// <param name="Spans">Asks for traces.</param>
/// <param name="Metrics">Asks for time series.</param>
public sealed record Query(Pipeline? Spans, MetricsExpression? Metrics, ImmutableArray<Hint> Hints)
{
    public override string ToString() => CanonicalText.Of(this);
}
