using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>In which row groups of a block each of several numbered things occurs, and how late spans with it start there.</summary>
internal sealed class Occurrences
{
    readonly int[] _ends;
    readonly Place[] _places;

    Occurrences(int[] ends, Place[] places) => (_ends, _places) = (ends, places);

    public int Count => _ends.Length;

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => _ends.Length * 4L + _places.Length * 16L;

    public ReadOnlySpan<Place> this[int number] => _places.AsSpan((number == 0 ? 0 : _ends[number - 1]).._ends[number]);

    /// <param name="count">Numbers are below this.</param>
    /// <param name="found">Which number occurs where, by row group.</param>
    public static Occurrences Of(int count, List<(int Number, Place Place)> found)
    {
        var ends = new int[count];
        foreach (var (number, _) in found)
            ends[number]++;
        for (int number = 0, end = 0; number < count; number++)
            (ends[number], end) = (end, end + ends[number]);
        var places = new Place[found.Count];
        foreach (var (number, place) in found)
            places[ends[number]++] = place;
        return new Occurrences(ends, places);
    }

    /// <summary>A row group.</summary>
    /// <param name="Newest">No span with the thing starts later in it.</param>
    public readonly record struct Place(int Group, UnixNanos Newest);
}
