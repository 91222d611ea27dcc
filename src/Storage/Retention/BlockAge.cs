using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Retention;

/// <summary>How old the spans of a block are, and what that means. Age counts from arrival; a block is as old as its youngest span may be.</summary>
internal static class BlockAge
{
    /// <summary>The blocks of a level are kept apart by time in so many parts, so that whole blocks expire, and at most this share of a level's time too late.</summary>
    const int WindowsPerLevel = 8;

    /// <summary>The level that the block's age puts it in; null when it is older than all of them.</summary>
    public static StoreLevel? LevelOf(BlockSummary block, UnixNanos now, RetentionOptions options)
    {
        var age = block.ArrivedMax.NanosUntil(now);
        for (var level = StoreLevel.Live; level <= StoreLevel.Cold; level++)
        {
            if (age < Nanos(options.EndOf(level)))
                // A block never moves back, whatever becomes of clock and configuration.
                return level > block.Level ? level : block.Level;
        }

        return null;
    }

    /// <summary>Which part of the level's time the block belongs to: only blocks of one part are merged.</summary>
    public static ulong WindowOf(BlockSummary block, RetentionOptions options) => block.ArrivedMax.Value / WindowNanos(block.Level, options);

    /// <summary>Whether no more blocks will come to the block's window.</summary>
    public static bool IsWindowClosed(BlockSummary block, UnixNanos now, RetentionOptions options)
    {
        var width = WindowNanos(block.Level, options);
        var end = new UnixNanos(WindowOf(block, options) * width).Plus(width);
        return end.NanosUntil(now) >= Nanos(options.StartOf(block.Level));
    }

    static ulong WindowNanos(StoreLevel level, RetentionOptions options) =>
        Math.Max(1, Nanos(options.EndOf(level) - options.StartOf(level)) / WindowsPerLevel);

    static ulong Nanos(TimeSpan span) => span >= TimeSpan.FromDays(36_500) ? ulong.MaxValue : (ulong)span.Ticks * TimeSpan.NanosecondsPerTick;
}
