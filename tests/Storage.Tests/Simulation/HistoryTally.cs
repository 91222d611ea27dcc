using Clew.Model;

namespace Clew.Storage.Tests.Simulation;

/// <summary>What happened in a history, for judging whether histories are worth anything.</summary>
internal sealed class HistoryTally
{
    public int Restarts { get; set; }

    public int DiskChanges { get; set; }

    public int BlocksMax { get; set; }

    public long Merges { get; set; }

    public long DroppedTraces { get; set; }

    public HashSet<(StoreLevel Level, ExpiryCause Cause)> Expired { get; } = [];

    public HashSet<StoreLevel> Levels { get; } = [];

    public bool WasFull { get; set; }

    public bool RefusedAny { get; set; }

    public long MovedBlocks { get; set; }

    public bool MissedAny { get; set; }

    public int HitFiles { get; set; }

    public int ExposedSpans { get; set; }

    public void Note(StoreStatistics statistics)
    {
        BlocksMax = Math.Max(BlocksMax, statistics.BlockCount);
        Merges = Math.Max(Merges, statistics.MergeCount);
        DroppedTraces = Math.Max(DroppedTraces, statistics.Dropped.Sum(dropped => dropped.TraceCount));
        Expired.UnionWith(statistics.Expired.Select(expired => (expired.Level, expired.Cause)));
        Levels.UnionWith(statistics.Levels.Select(level => level.Level));
        WasFull |= statistics.Trouble.Length > 0 && !statistics.Trouble.Contains("could not be moved", StringComparison.Ordinal);
        MovedBlocks = Math.Max(MovedBlocks, statistics.MovedBlockCount);
        MissedAny |= statistics.Unreachable.Any(text => text.Contains("Missing from answers", StringComparison.Ordinal));
        RefusedAny |= statistics.RefusedBatchCount > 0;
    }
}
