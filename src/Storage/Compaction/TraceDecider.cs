using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>Asks the keep rules about traces that are on their way to a level, and counts what they drop.</summary>
/// <param name="isNewLevel">The traces come from an earlier level: what was decided there is decided again.</param>
internal sealed class TraceDecider(IKeepRules rules, StoreLevel to, bool isNewLevel, TraceElsewhere elsewhere)
{
    /// <summary>A trace with more spans than this is not put together to be looked at: it is kept.</summary>
    public const int SpanCountMax = 100_000;

    public LossTally Dropped { get; private set; } = LossTally.None;

    public KeepDecision Decide(MergedTrace trace)
    {
        var recorded = trace.Recorded;
        if (recorded.IsDecided && !isNewLevel)
            return recorded;
        // Late spans follow what was decided without them; a trace that is not quiet moves on, and is decided at the next merge.
        if (elsewhere.Find(trace.Id) is { } others)
            return others.IsDecided ? others : recorded;
        if (trace.ToBatch(SpanCountMax) is not { } spans)
            return recorded;
        var decision = rules.Decide(spans, to, recorded);
        if (!decision.IsKept)
            Dropped = Dropped.WithDropped(decision.Reason, 1, spans.SpanCount);
        return decision.IsDecided || !decision.IsKept ? decision : recorded;
    }
}
