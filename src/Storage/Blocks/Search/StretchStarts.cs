using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>How late spans start in each stretch of row groups: what the distances of <see cref="Occurrences"/> are behind.</summary>
internal sealed class StretchStarts
{
    readonly UnixNanos[] _latest;

    public StretchStarts(RowGroupInfo[] groups)
    {
        _latest = new UnixNanos[(groups.Length + Occurrences.StretchGroups - 1) / Occurrences.StretchGroups];
        foreach (var group in groups)
        {
            ref var latest = ref _latest[Of(group.Number)];
            if (latest < group.StartMax)
                latest = group.StartMax;
        }
    }

    public int Count => _latest.Length;

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => _latest.Length * 8L;

    public static int Of(int group) => group / Occurrences.StretchGroups;

    /// <summary>How far a time is behind the latest start; nothing when it is not.</summary>
    public ushort Distance(int stretch, UnixNanos newest) => ShortDistance.Of(newest.NanosUntil(_latest[stretch]));

    /// <summary>The time at that distance, or a little later.</summary>
    public UnixNanos Newest(int stretch, ushort distance) => _latest[stretch].Minus(ShortDistance.Nanos(distance));
}
