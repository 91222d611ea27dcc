using Clew.Model;

namespace Clew.Storage.Tests.Simulation;

/// <summary>Keep rules that a trace's id decides, so that a test knows what they say: each level drops its own share.</summary>
internal sealed class SeededRules(StoreLevel first) : IKeepRules
{
    public bool DecidesAt(StoreLevel level) => level >= first;

    public KeepDecision Decide(SpanBatch trace, StoreLevel level, KeepDecision before)
    {
        var id = trace.Spans.TraceIds[0];
        for (var row = 1; row < trace.SpanCount; row++)
        {
            Assert.Equal(id, trace.Spans.TraceIds[row]);
            Assert.True(trace.Spans.Starts[row - 1] <= trace.Spans.Starts[row], "A trace is decided in order of start.");
        }

        return Drops(id, level) ? KeepDecision.Drop($"dropped at {level}") : new KeepDecision(4, $"kept at {level}");
    }

    /// <summary>Whether a trace is dropped when it comes to a level, or was before.</summary>
    public bool DropsUpTo(TraceId id, StoreLevel level)
    {
        for (var at = first; at <= level; at++)
        {
            if (Drops(id, at))
                return true;
        }

        return false;
    }

    static bool Drops(TraceId id, StoreLevel level) => (id.Low >> 40) % 4 == (ulong)level;
}
