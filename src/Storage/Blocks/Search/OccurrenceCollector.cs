using System.Runtime.InteropServices;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>Gathers <see cref="Occurrences"/>, row group after row group.</summary>
internal sealed class OccurrenceCollector(StretchStarts starts, int count) : IDisposable
{
    readonly ByteWriter _bytes = new(1 << 16);

    // Per number the last of its entries, which are chained.
    readonly int[] _last = NoneOf(count);
    int _entryCount;

    /// <summary>Adds what occurs in the next row group.</summary>
    public void Add(int group, IReadOnlyList<RowGroupDirectory.Used> used)
    {
        var stretch = StretchStarts.Of(group);
        foreach (var (number, newest) in used)
        {
            var distance = starts.Distance(stretch, newest);
            if (_last[number] is var last && last >= 0 && Entries[last].Stretch == stretch)
            {
                ref var known = ref Entries[last];
                known = known with { Distance = Math.Min(known.Distance, distance) };
                continue;
            }

            MemoryMarshal.Write(_bytes.Append(Entry.Bytes), new Entry(stretch, last, distance));
            _last[number] = _entryCount++;
        }
    }

    public Occurrences ToOccurrences()
    {
        var ends = new int[count];
        var end = 0L;
        for (var number = 0; number < count; number++)
            ends[number] = checked((int)(end += CodesOf(number)));
        var codes = new ushort[end];
        for (var number = 0; number < count; number++)
            Write(number, codes.AsSpan((number == 0 ? 0 : ends[number - 1])..ends[number]));
        return new Occurrences(starts, ends, codes);
    }

    public void Dispose() => _bytes.Dispose();

    Span<Entry> Entries => MemoryMarshal.Cast<byte, Entry>(_bytes.Written);

    // Pairs, for as long as those are fewer.
    int CodesOf(int number)
    {
        var pairs = 0;
        for (var at = _last[number]; at >= 0; at = Entries[at].Previous)
            pairs += PairsFor(Entries[at].Stretch - StretchBefore(at));
        return Math.Min(pairs * 2, starts.Count);
    }

    // From the last one to the first.
    void Write(int number, Span<ushort> codes)
    {
        if (codes.Length == starts.Count)
        {
            codes.Fill(ShortDistance.None);
            for (var at = _last[number]; at >= 0; at = Entries[at].Previous)
                codes[Entries[at].Stretch] = Entries[at].Distance;
            return;
        }

        var end = codes.Length;
        for (var at = _last[number]; at >= 0; at = Entries[at].Previous)
        {
            var step = Entries[at].Stretch - StretchBefore(at);
            codes[--end] = Entries[at].Distance;
            for (; step > ushort.MaxValue; step -= ushort.MaxValue)
            {
                codes[--end] = ushort.MaxValue;
                codes[--end] = ShortDistance.None;
            }

            codes[--end] = (ushort)step;
        }
    }

    // Of the entry before of the same number; the first is as far as its stretch.
    int StretchBefore(int entry) => Entries[entry].Previous is var previous && previous >= 0 ? Entries[previous].Stretch : 0;

    // Longer steps are several, with nothing where they meet.
    static int PairsFor(int step) => step == 0 ? 1 : (step + ushort.MaxValue - 1) / ushort.MaxValue;

    static int[] NoneOf(int count)
    {
        var none = new int[count];
        none.AsSpan().Fill(-1);
        return none;
    }

    readonly record struct Entry(int Stretch, int Previous, ushort Distance)
    {
        public const int Bytes = 12;
    }
}
