using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Where the pages of a <see cref="ValueIndex"/> begin, how many there are, and where their table is.</summary>
/// <remarks><code>| offset u64 | pages u64 | table: offset u64, bytes u64 |</code></remarks>
internal readonly record struct ValueIndexPlace(long Offset, int Pages, ChunkPlace Table)
{
    public void Write(ByteWriter to)
    {
        to.WriteUInt64((ulong)Offset);
        to.WriteUInt64((ulong)Pages);
        Table.Write(to);
    }

    /// <param name="end">All of it lies before this.</param>
    public static ValueIndexPlace Read(ref ByteReader from, long end)
    {
        var offset = from.TakeUInt64(end);
        var pages = (int)from.TakeUInt64(Math.Min(ValueIndex.PagesMax, (end - offset) / ValueIndex.PageBytesMin));
        return new ValueIndexPlace(offset, pages, ChunkPlace.Read(ref from, end));
    }
}
