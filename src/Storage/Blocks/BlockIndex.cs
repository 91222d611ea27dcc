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

    /// <summary>Row groups by their newest start, the newest first: the order of a search.</summary>
    public int[] GroupsByNewest => field ??= [.. Enumerable.Range(0, Groups.Length).OrderByDescending(group => Groups[group].StartMax)];

    /// <summary>The dictionary's directory and chunks.</summary>
    public required long DictionaryOffset { get; init; }
    public required int DictionaryBytes { get; init; }
    public required int DictionaryDirectoryBytes { get; init; }
    public required ChunkInfo Operations { get; init; }
    public required ChunkInfo TraceFilter { get; init; }
    public required ChunkInfo ValueFilters { get; init; }

    /// <summary>See <see cref="TraceIndex"/>.</summary>
    public required long TraceIndexOffset { get; init; }
    public required int TraceIndexPages { get; init; }
    public required ChunkInfo TraceIndexTable { get; init; }

    public byte[] ToBytes()
    {
        using var to = new ByteWriter();
        foreach (var number in (ReadOnlySpan<ulong>)[(ulong)SpanCount, StartMin.Value, StartMax.Value, Origin.ArrivedMax.Value,
            Origin.FirstSegment, Origin.LastSegment,
            (ulong)DictionaryOffset, (ulong)DictionaryBytes, (ulong)DictionaryDirectoryBytes,
            (ulong)TraceIndexOffset, (ulong)TraceIndexPages])
            to.WriteUInt64(number);
        foreach (var part in (ReadOnlySpan<ChunkInfo>)[Operations, TraceFilter, ValueFilters, TraceIndexTable])
        {
            to.WriteUInt64((ulong)part.Offset);
            part.Write(to);
        }

        to.WriteUInt32((uint)Groups.Length);
        foreach (var group in Groups)
            group.Write(to);
        Origin.WriteEnd(to);
        return to.Written.ToArray();
    }

    public static BlockIndex Read(ReadOnlySpan<byte> footer, string path, long footerOffset)
    {
        var from = new ByteReader(footer, path, footerOffset);
        var (spanCount, startMin, startMax) = ((long)from.TakeUInt64(), new UnixNanos(from.TakeUInt64()), new UnixNanos(from.TakeUInt64()));
        var (arrivedMax, firstSegment, lastSegment) = (new UnixNanos(from.TakeUInt64()), from.TakeUInt64(), from.TakeUInt64());
        var index = new BlockIndex
        {
            SpanCount = spanCount,
            StartMin = startMin,
            StartMax = startMax,
            DictionaryOffset = (long)from.TakeUInt64(),
            DictionaryBytes = (int)from.TakeUInt64(),
            DictionaryDirectoryBytes = (int)from.TakeUInt64(),
            TraceIndexOffset = (long)from.TakeUInt64(),
            TraceIndexPages = (int)from.TakeUInt64(),
            Operations = ReadPart(ref from),
            TraceFilter = ReadPart(ref from),
            ValueFilters = ReadPart(ref from),
            TraceIndexTable = ReadPart(ref from),
            Groups = ReadGroups(ref from, footerOffset),
            Origin = BlockOrigin.ReadEnd(ref from, firstSegment, lastSegment, arrivedMax),
        };
        from.ExpectEnd();
        return index;
    }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => 256 + Groups.Length * 148L;

    static ChunkInfo ReadPart(ref ByteReader from)
    {
        var offset = (long)from.TakeUInt64();
        return ChunkInfo.Read(ref from, offset);
    }

    static RowGroupInfo[] ReadGroups(ref ByteReader from, long footerOffset)
    {
        var count = from.TakeUInt32();
        if (count > from.Remaining)
            from.Fail($"{count} row groups", $"{from.Remaining} bytes");
        var groups = new RowGroupInfo[count];
        foreach (ref var group in groups.AsSpan())
            group = RowGroupInfo.Read(ref from, footerOffset);
        return groups;
    }
}
