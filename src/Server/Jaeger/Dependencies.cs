using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Jaeger;

/// <summary>Makes dependency graphs. One may have to look at every span there is, and takes the memory for it: one at a time, whoever asks.</summary>
internal sealed class Dependencies(ITraceStore store, QueryGate gate)
{
    public const string Busy = "another dependency graph is being made";

    int _isGraphing;

    /// <param name="api">Whom a refusal is counted for.</param>
    /// <returns>Null when another one is being made.</returns>
    public async Task<IReadOnlyList<ServiceCall>?> TryReadAsync(TimeRange range, string api, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _isGraphing, 1) != 0)
        {
            gate.Refuse(api, "graphing");
            return null;
        }

        try
        {
            return await DependencyGraph.ReadAsync(store, range, cancellation);
        }
        finally
        {
            Volatile.Write(ref _isGraphing, 0);
        }
    }
}
