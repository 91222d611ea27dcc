using Clew.Server.Queries;

namespace Clew.Server.Jaeger.V3;

/// <summary><c>TraceQueryParameters</c>, whichever way they came.</summary>
/// <param name="IsRaw">Whether traces are wanted as they are stored, without what Jaeger corrects.</param>
internal sealed record TraceQuery(TraceSearch Search, bool IsRaw)
{
    /// <summary>Traces to answer with unless the query says; the same in Jaeger.</summary>
    public const int SearchDepthDefault = 100;
}
