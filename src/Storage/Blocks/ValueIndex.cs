using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Where the strings are that only single row groups have: from a string's hash to row groups, with one short read.</summary>
/// <remarks>
/// <code>
/// page:  | crc32c of the rest u32 | entries varint | marks, ascending | row groups |   both are integer columns
/// table: the bytes of each page, as a column
/// </code>
/// <para>An entry is a string of a row group. The product of the hash (<see cref="StableHash"/>, of which the upper 40 bits count) and the number of pages is a number of 128 bits: its
/// upper half is the page, the 20 bits below are the mark. Pages lie one behind the other and have about <see cref="EntriesPerPage"/> entries each, so that one in four thousand
/// strings that the block does not have leads to a row group. Equal marks mean that more than one has to be looked at, in ascending order.</para>
/// <para>A block whose strings would not fit, or crowd on one page, has no pages: any of its row groups may then have any string.</para>
/// </remarks>
internal static class ValueIndex
{
    public const int CrcBytes = 4;

    /// <summary>Checksum, count, and the shortest columns.</summary>
    public const int PageBytesMin = CrcBytes + 5;

    public const int EntriesPerPage = 256;

    /// <summary>More than all row groups of the largest block, should they have one string in common.</summary>
    public const int PageEntriesMax = 1 << 20;

    /// <summary>So many pages have marks of their full length.</summary>
    public const int PagesMax = 1 << 20;

    const int MarkBits = 20;

    /// <summary>The bits of a hash that count.</summary>
    public const ulong HashMask = ulong.MaxValue << (64 - 40);

    /// <summary>The page that a hash is in, and its mark there.</summary>
    public static int PageOf(ulong hash, int pageCount, out uint mark)
    {
        var page = (int)Math.BigMul(hash & HashMask, (ulong)pageCount, out var rest);
        mark = (uint)(rest >> (64 - MarkBits));
        return page;
    }

    /// <summary>Finds the row groups that a mark leads to.</summary>
    /// <param name="page">Without its checksum, which was right.</param>
    /// <returns>Ascending, each once.</returns>
    public static int[] Find(ref ByteReader page, uint mark, int groupCount)
    {
        var count = page.TakeCount(PageEntriesMax);
        var marks = IntegerColumn.Open(ref page, count);
        var groups = IntegerColumn.Open(ref page, count);
        page.ExpectEnd();
        if (count > 0 && groups.Largest >= (ulong)groupCount)
            page.Fail($"row groups below {groupCount}", $"{groups.Largest}");
        using var found = Rented<ulong>.Of(RowBits.WordsOf(count));
        RowBits.SetAll(found.Span, count);
        marks.Keep(mark, mark, found.Span);
        var leads = new SortedSet<int>();
        for (var row = RowBits.NextFrom(found.Span, 0); row >= 0; row = RowBits.NextFrom(found.Span, row + 1))
            leads.Add((int)groups[row]);
        return [.. leads];
    }
}
