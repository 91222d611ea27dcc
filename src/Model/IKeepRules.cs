namespace Clew.Model;

/// <summary>Decides which traces move on when they get older. A store asks about whole traces that are quiet: no part of them has arrived for a while.</summary>
/// <remarks>Called from the store's own thread, one trace at a time. What it throws stops compaction until the next try, and is reported.</remarks>
public interface IKeepRules
{
    /// <summary>Whether traces are decided when they move on to this level; where they are not, all of them do, as they are.</summary>
    bool DecidesAt(StoreLevel level);

    /// <param name="trace">All spans of one trace, in order of start.</param>
    /// <param name="level">The level that it would move on to.</param>
    /// <param name="before">What was decided for an earlier level.</param>
    /// <returns>A decision with a reason, or <see cref="KeepDecision.Undecided"/>.</returns>
    KeepDecision Decide(SpanBatch trace, StoreLevel level, KeepDecision before);
}
