using Clew.Model;

namespace Clew.Storage.Reading;

/// <summary>Traces that have, or may have, parts in several places, with the selections that some part was found to meet. Any number of threads add.</summary>
internal sealed class ScatteredTraces
{
    readonly Lock _lock = new();
    readonly Dictionary<TraceId, ulong> _met = [];

    /// <param name="met">A bit per selection.</param>
    public void Add(TraceId id, ulong met)
    {
        lock (_lock)
            _met[id] = _met.GetValueOrDefault(id) | met;
    }

    /// <summary>The traces whose parts meet all selections together.</summary>
    public TraceId[] Asked(ulong all)
    {
        lock (_lock)
            return [.. _met.Where(trace => trace.Value == all).Select(trace => trace.Key)];
    }
}
