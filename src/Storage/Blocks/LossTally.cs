using System.Collections.Immutable;
using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>What the store removed by its own rules since it was created. It is in the manifest, so that it changes together with the blocks it speaks of.</summary>
internal sealed record LossTally(ImmutableArray<ExpiredSpans> Expired, ImmutableArray<DroppedTraces> Dropped)
{
    /// <summary>So many reasons are told apart; rules are few, and what is beyond is counted as <see cref="OtherReasons"/>.</summary>
    public const int ReasonsMax = 200;

    public const string OtherReasons = "other";

    public static LossTally None { get; } = new([], []);

    public LossTally WithExpired(BlockSummary block, ExpiryCause cause)
    {
        var at = IndexOf(Expired, expired => expired.Level == block.Level && expired.Cause == cause);
        var before = at < 0 ? new ExpiredSpans(block.Level, cause, 0, 0, 0) : Expired[at];
        var after = before with { BlockCount = before.BlockCount + 1, SpanCount = before.SpanCount + block.SpanCount, Bytes = before.Bytes + block.Bytes };
        return this with { Expired = Put(Expired, at, after) };
    }

    public LossTally WithDropped(string reason, long traceCount, long spanCount)
    {
        var at = IndexOf(Dropped, dropped => dropped.Reason == reason);
        if (at < 0 && Dropped.Length >= ReasonsMax - 1 && reason != OtherReasons)
            return WithDropped(OtherReasons, traceCount, spanCount);
        var before = at < 0 ? new DroppedTraces(reason, 0, 0) : Dropped[at];
        return this with { Dropped = Put(Dropped, at, before with { TraceCount = before.TraceCount + traceCount, SpanCount = before.SpanCount + spanCount }) };
    }

    static int IndexOf<T>(ImmutableArray<T> items, Func<T, bool> isWanted)
    {
        for (var at = 0; at < items.Length; at++)
        {
            if (isWanted(items[at]))
                return at;
        }

        return -1;
    }

    static ImmutableArray<T> Put<T>(ImmutableArray<T> items, int at, T item) => at < 0 ? items.Add(item) : items.SetItem(at, item);
}
