using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Jaeger;

/// <summary>Makes dependency graphs for Jaeger's APIs, one at a time.</summary>
internal sealed class Dependencies(ITraceStore store, QueryGate gate, GraphTurn graphs)
{
    public const string Busy = "another dependency graph is being made";

    /// <param name="api">Whom a refusal is counted for.</param>
    /// <returns>Null when another one is being made.</returns>
    public async Task<IReadOnlyList<ServiceCall>?> TryReadAsync(TimeRange range, string api, CancellationToken cancellation)
    {
        var calls = await graphs.TryMakeAsync(() => DependencyGraph.ReadAsync(store, range, cancellation));
        if (calls is null)
            gate.Refuse(api, "graphing");
        return calls;
    }
}
