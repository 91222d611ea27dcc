using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Where the traces of a block begin: from a trace id's hash to row groups, with one short read.</summary>
/// <remarks>
/// <code>
/// page:  | crc32c of the rest u32 | marks, count × u16, ascending | row groups, count × 1 to 4 bytes |
/// table: the number of traces in each page, as a column
/// </code>
/// <para>The product of the hash (<see cref="StableHash"/>) and the number of pages is a number of 128 bits: its upper half is the page, the 16 bits below are the mark. Pages
/// lie one behind the other, and have about <see cref="TracesPerPage"/> traces each. A row group takes as many bytes as the largest number of one needs. Equal marks mean that
/// more than one row group has to be looked at; the row group named is the one that the trace begins in.</para>
/// </remarks>
internal static class TraceIndex
{
    public const int CrcBytes = 4;

    /// <summary>More would not be found within one page, should they all be in it.</summary>
    public static readonly int TracesMax = (Array.MaxLength - CrcBytes) / (sizeof(ushort) + sizeof(uint));

    const int TracesPerPage = 256;

    /// <summary>Writes the pages.</summary>
    /// <param name="hashes">Of all traces, with their row groups; both are sorted.</param>
    /// <returns>The table.</returns>
    public static int[] WritePages(Span<ulong> hashes, Span<int> groups, int groupCount, ByteWriter to)
    {
        hashes.Sort(groups);
        var counts = new int[PagesFor(hashes.Length)];
        var width = GroupBytes(groupCount);
        for (int page = 0, start = 0, end; page < counts.Length; page++, start = end)
        {
            for (end = start; end < hashes.Length && PageOf(hashes[end], counts.Length, out _) == page;)
                end++;
            counts[page] = end - start;
            var at = to.Count;
            var bytes = to.Append(PageBytes(end - start, width));
            var marks = bytes.Slice(CrcBytes, (end - start) * 2);
            for (var trace = start; trace < end; trace++)
            {
                PageOf(hashes[trace], counts.Length, out var mark);
                BinaryPrimitives.WriteUInt16LittleEndian(marks[((trace - start) * 2)..], mark);
                WriteGroup(bytes[(CrcBytes + marks.Length + (trace - start) * width)..], groups[trace], width);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc.Of(to.Written[(at + CrcBytes)..]));
        }

        return counts;
    }

    /// <summary>How many pages so many traces have.</summary>
    public static long PagesFor(long traceCount) => (traceCount / TracesPerPage) + (traceCount % TracesPerPage > 0 ? 1 : 0);

    /// <summary>The page that a hash is in, and its mark there.</summary>
    public static int PageOf(ulong hash, int pageCount, out ushort mark)
    {
        var page = (int)Math.BigMul(hash, (ulong)pageCount, out var rest);
        mark = (ushort)(rest >> 48);
        return page;
    }

    public static int GroupBytes(int groupCount) => groupCount switch
    {
        <= 1 << 8 => 1,
        <= 1 << 16 => 2,
        <= 1 << 24 => 3,
        _ => 4,
    };

    /// <param name="count">At most <see cref="TracesMax"/>.</param>
    public static int PageBytes(int count, int groupBytes) => CrcBytes + count * (2 + groupBytes);

    /// <summary>What pages with so many traces together take.</summary>
    public static long PagesBytes(int pageCount, int traceCount, int groupBytes) => pageCount * (long)CrcBytes + traceCount * (2L + groupBytes);

    /// <summary>Adds the row groups that a mark leads to.</summary>
    /// <param name="page">Without its checksum, which was right.</param>
    public static void Find(ReadOnlySpan<byte> page, int count, int groupBytes, ushort mark, List<int> groups)
    {
        var marks = MemoryMarshal.Cast<byte, ushort>(page[..(count * 2)]);
        var found = marks.BinarySearch(mark);
        if (found < 0)
            return;
        for (var at = FirstOf(marks, found, mark); at < count && marks[at] == mark; at++)
            groups.Add(ReadGroup(page[(count * 2 + at * groupBytes)..], groupBytes));
    }

    /// <summary>Adds the marks that more than one trace of a page has, and the row groups that they lead to.</summary>
    public static void FindRepeated(ReadOnlySpan<byte> page, int count, int groupBytes, HashSet<ushort> marks, HashSet<int> groups)
    {
        var all = MemoryMarshal.Cast<byte, ushort>(page[..(count * 2)]);
        for (var at = 0; at < count; at++)
        {
            if ((at == 0 || all[at - 1] != all[at]) && (at + 1 == count || all[at + 1] != all[at]))
                continue;
            marks.Add(all[at]);
            groups.Add(ReadGroup(page[(count * 2 + at * groupBytes)..], groupBytes));
        }
    }

    static int FirstOf(ReadOnlySpan<ushort> marks, int at, ushort mark)
    {
        while (at > 0 && marks[at - 1] == mark)
            at--;
        return at;
    }

    static void WriteGroup(Span<byte> to, int group, int bytes)
    {
        for (var at = 0; at < bytes; at++)
            to[at] = (byte)(group >> (8 * at));
    }

    static int ReadGroup(ReadOnlySpan<byte> from, int bytes)
    {
        var group = 0;
        for (var at = 0; at < bytes; at++)
            group |= from[at] << (8 * at);
        return group;
    }
}
