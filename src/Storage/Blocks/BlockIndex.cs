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
    public required ChunkPlace ValueFilters { get; init; }

    /// <summary>The shapes that row groups have in common, see <see cref="SpanShape"/>.</summary>
    public required ChunkPlace Shapes { get; init; }

    public byte[] ToBytes()
    {
        using var to = new ByteWriter();
        foreach (var number in (ReadOnlySpan<ulong>)[(ulong)SpanCount, StartMin.Value, StartMax.Value, Origin.ArrivedMax.Value,
            Origin.FirstSegment, Origin.LastSegment, (ulong)DirectoriesOffset, (ulong)DictionaryOffset, (ulong)DictionaryBytes, (ulong)DictionaryDirectoryBytes,
            (ulong)TraceIndexOffset, (ulong)TraceIndexPages])
            to.WriteUInt64(number);
        foreach (var part in (ReadOnlySpan<ChunkPlace>)[TraceIndexTable, Operations, TraceFilter, ValueFilters, Shapes])
            part.Write(to);
        to.WriteUInt32((uint)Groups.Length);
        foreach (var group in Groups)
            group.Write(to);
        Origin.WriteEnd(to);
        return to.Written.ToArray();
    }

    public static BlockIndex Read(ReadOnlySpan<byte> footer, string path, long footerOffset)
    {
        var from = new ByteReader(footer, path, footerOffset);
        var (spanCount, startMin, startMax) = (TakeUpTo(ref from, long.MaxValue), new UnixNanos(from.TakeUInt64()), new UnixNanos(from.TakeUInt64()));
        var (arrivedMax, firstSegment, lastSegment) = (new UnixNanos(from.TakeUInt64()), from.TakeUInt64(), from.TakeUInt64());
        var directories = TakeUpTo(ref from, footerOffset);
        var index = new BlockIndex
        {
            SpanCount = spanCount,
            StartMin = startMin,
            StartMax = startMax,
            DirectoriesOffset = directories,
            DictionaryOffset = TakeUpTo(ref from, footerOffset),
            DictionaryBytes = (int)TakeUpTo(ref from, int.MaxValue),
            DictionaryDirectoryBytes = (int)TakeUpTo(ref from, int.MaxValue),
            TraceIndexOffset = TakeUpTo(ref from, footerOffset),
            TraceIndexPages = (int)TakeUpTo(ref from, footerOffset / TraceIndex.CrcBytes),
            TraceIndexTable = ChunkPlace.Read(ref from, footerOffset),
            Operations = ChunkPlace.Read(ref from, footerOffset),
            TraceFilter = ChunkPlace.Read(ref from, footerOffset),
            ValueFilters = ChunkPlace.Read(ref from, footerOffset),
            Shapes = ChunkPlace.Read(ref from, footerOffset),
            Groups = ReadGroups(ref from, directories, footerOffset),
            Origin = BlockOrigin.ReadEnd(ref from, firstSegment, lastSegment, arrivedMax),
        };
        from.ExpectEnd();
        return index;
    }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => 512 + Groups.Length * 128L;

    static RowGroupInfo[] ReadGroups(ref ByteReader from, long directories, long footerOffset)
    {
        var count = from.TakeUInt32();
        if (count > from.Remaining)
            from.Fail($"{count} row groups", $"{from.Remaining} bytes");
        var groups = new RowGroupInfo[count];
        for (var number = 0; number < groups.Length; number++)
        {
            groups[number] = RowGroupInfo.Read(ref from, number, directories, footerOffset);
            directories += groups[number].DirectoryBytes;
        }

        return groups;
    }

    static long TakeUpTo(ref ByteReader from, long limit)
    {
        var number = from.TakeUInt64();
        if (number > (ulong)limit)
            from.Fail($"a number up to {limit}", $"{number}");
        return (long)number;
    }
}
