using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>The footer of a block.</summary>
internal sealed record BlockIndex
{
    public required long SpanCount { get; init; }
    public required UnixNanos StartMin { get; init; }
    public required UnixNanos StartMax { get; init; }

    public required BlockOrigin Origin { get; init; }
    public required RowGroupInfo[] Groups { get; init; }

    /// <summary>The directories of all row groups, one behind the other, in the order of the row groups.</summary>
    public required long DirectoriesOffset { get; init; }

    /// <summary>The dictionary: a directory with its chunks behind it.</summary>
    public required long DictionaryOffset { get; init; }
    public required int DictionaryBytes { get; init; }
    public required int DictionaryDirectoryBytes { get; init; }

    /// <summary>See <see cref="TraceIndex"/>.</summary>
    public required long TraceIndexOffset { get; init; }
    public required int TraceIndexPages { get; init; }
    public required ChunkPlace TraceIndexTable { get; init; }
    public required ChunkPlace Operations { get; init; }
    public required ChunkPlace TraceFilter { get; init; }

    /// <summary>See <see cref="Blocks.ValueIndex"/>.</summary>
    public ValueIndexPlace ValueIndex { get; init; }

    /// <summary>What blocks of version 2 have instead.</summary>
    public ChunkPlace? ValueFilters { get; init; }

    /// <summary>The shapes that row groups have in common, see <see cref="SpanShape"/>.</summary>
    public required ChunkPlace Shapes { get; init; }

    public byte[] ToBytes()
    {
        using var to = new ByteWriter();
        foreach (var number in (ReadOnlySpan<ulong>)[(ulong)SpanCount, StartMin.Value, StartMax.Value, Origin.ArrivedMax.Value,
            Origin.FirstSegment, Origin.LastSegment, (ulong)DirectoriesOffset, (ulong)DictionaryOffset, (ulong)DictionaryBytes, (ulong)DictionaryDirectoryBytes,
            (ulong)TraceIndexOffset, (ulong)TraceIndexPages])
            to.WriteUInt64(number);
        foreach (var part in (ReadOnlySpan<ChunkPlace>)[TraceIndexTable, Operations, TraceFilter])
            part.Write(to);
        if (ValueFilters is { } filters)
            filters.Write(to);
        else
            ValueIndex.Write(to);
        Shapes.Write(to);
        to.WriteUInt32((uint)Groups.Length);
        foreach (var group in Groups)
            group.Write(to);
        Origin.WriteEnd(to);
        return to.Written.ToArray();
    }

    /// <param name="version">One that is known.</param>
    public static BlockIndex Read(ReadOnlySpan<byte> footer, uint version, string path, long footerOffset)
    {
        var from = new ByteReader(footer, path, footerOffset);
        var (spanCount, startMin, startMax) = (from.TakeUInt64(long.MaxValue), new UnixNanos(from.TakeUInt64()), new UnixNanos(from.TakeUInt64()));
        var (arrivedMax, firstSegment, lastSegment) = (new UnixNanos(from.TakeUInt64()), from.TakeUInt64(), from.TakeUInt64());
        var directories = from.TakeUInt64(footerOffset);
        var index = new BlockIndex
        {
            SpanCount = spanCount,
            StartMin = startMin,
            StartMax = startMax,
            DirectoriesOffset = directories,
            DictionaryOffset = from.TakeUInt64(footerOffset),
            DictionaryBytes = (int)from.TakeUInt64(Array.MaxLength),
            DictionaryDirectoryBytes = (int)from.TakeUInt64(Array.MaxLength),
            TraceIndexOffset = from.TakeUInt64(footerOffset),
            TraceIndexPages = (int)from.TakeUInt64(Math.Min(int.MaxValue, TraceIndex.PagesFor(spanCount))),
            TraceIndexTable = ChunkPlace.Read(ref from, footerOffset),
            Operations = ChunkPlace.Read(ref from, footerOffset),
            TraceFilter = ChunkPlace.Read(ref from, footerOffset),
            ValueFilters = version == BlockFormat.Version2 ? ChunkPlace.Read(ref from, footerOffset) : null,
            ValueIndex = version == BlockFormat.Version2 ? default : ValueIndexPlace.Read(ref from, footerOffset),
            Shapes = ChunkPlace.Read(ref from, footerOffset),
            Groups = ReadGroups(ref from, directories, footerOffset),
            Origin = BlockOrigin.ReadEnd(ref from, firstSegment, lastSegment, arrivedMax),
        };
        from.ExpectEnd();
        Check(index, path, footerOffset);
        return index;
    }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => 512 + Groups.Length * 128L;

    static RowGroupInfo[] ReadGroups(ref ByteReader from, long directories, long footerOffset)
    {
        var count = from.TakeUInt32();
        if (count == 0 || count > from.Remaining / RowGroupInfo.StoredBytes)
            from.Fail("row groups", $"{count} in {from.Remaining} bytes");
        var groups = new RowGroupInfo[count];
        for (var number = 0; number < groups.Length; number++)
        {
            groups[number] = RowGroupInfo.Read(ref from, number, directories, footerOffset);
            directories += groups[number].DirectoryBytes;
        }

        return groups;
    }

    // What readers rely on without looking again: all of it lies in the file, and counts are backed by bytes.
    static void Check(BlockIndex index, string path, long footerOffset)
    {
        if (index.DictionaryBytes > footerOffset - index.DictionaryOffset || index.DictionaryDirectoryBytes > index.DictionaryBytes || index.DictionaryDirectoryBytes < BlockFile.CrcBytes)
            throw new CorruptFileException(path, footerOffset, $"a dictionary before {footerOffset}", $"{index.DictionaryBytes} bytes at {index.DictionaryOffset}, {index.DictionaryDirectoryBytes} of them a directory");
        var (spanCount, startMin, startMax) = (index.Groups.Sum(group => (long)group.Rows), index.Groups.Min(group => group.StartMin), index.Groups.Max(group => group.StartMax));
        if ((spanCount, startMin, startMax) != (index.SpanCount, index.StartMin, index.StartMax))
            throw new CorruptFileException(
                path, footerOffset, $"{spanCount} spans from {startMin} to {startMax}, as in the row groups", $"{index.SpanCount} from {index.StartMin} to {index.StartMax}");
    }
}
