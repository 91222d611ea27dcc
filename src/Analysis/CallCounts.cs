using System.Runtime.InteropServices;

namespace Clew.Analysis;

/// <summary>Calls between services, counted as they are found.</summary>
internal sealed class CallCounts
{
    readonly Dictionary<(string Caller, string Callee), (long Calls, long Errors)> _counts = [];

    public void Add(string caller, string callee, bool isError)
    {
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (caller, callee), out _);
        counts.Calls++;
        counts.Errors += isError ? 1 : 0;
    }

    /// <summary>By caller, then callee.</summary>
    public IReadOnlyList<ServiceCall> ToList() =>
        [.. _counts.OrderBy(call => call.Key).Select(call => new ServiceCall(call.Key.Caller, call.Key.Callee, call.Value.Calls) { ErrorCount = call.Value.Errors })];
}
