using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>Reads the parts of a block file, each checked against its checksum. Keeps nothing.</summary>
internal sealed class BlockFile(IReadableFile file) : IDisposable
{
    public const int CrcBytes = 4;

    /// <summary>No chunk is larger when its compression is undone.</summary>
    const int RawBytesMax = 1 << 30;

    /// <summary>That of two million row groups.</summary>
    const int FooterBytesMax = 1 << 28;

    public string Path => file.Path;

    public long LengthBytes => file.LengthBytes;

    /// <exception cref="CorruptFileException">The header, the trailer or the footer is not what a writer left.</exception>
    /// <exception cref="UnsupportedFormatException">It is of a version that this program does not know.</exception>
    public BlockIndex ReadIndex()
    {
        var length = file.LengthBytes;
        if (length < BlockFormat.HeaderBytes + BlockFormat.TrailerBytes)
            throw new CorruptFileException(Path, 0, "a block", $"{length} bytes");
        var version = ReadVersion();
        Span<byte> trailer = stackalloc byte[BlockFormat.TrailerBytes];
        var trailerOffset = length - BlockFormat.TrailerBytes;
        ReadExactly(trailerOffset, trailer);
        CheckEnd(trailer[16..], version, trailerOffset + 16);
        var footerOffset = BinaryPrimitives.ReadUInt64LittleEndian(trailer);
        var footerBytes = BinaryPrimitives.ReadUInt32LittleEndian(trailer[8..]);
        if (footerOffset < BlockFormat.HeaderBytes || footerOffset > (ulong)trailerOffset || footerOffset + footerBytes != (ulong)trailerOffset)
            throw new CorruptFileException(Path, trailerOffset, "the place of the footer", $"{footerBytes} bytes at {footerOffset}");
        if (footerBytes > FooterBytesMax)
            throw new CorruptFileException(Path, trailerOffset + 8, $"a footer of at most {FooterBytesMax} bytes", $"{footerBytes}");
        var footer = new byte[footerBytes];
        ReadExactly((long)footerOffset, footer);
        CheckCrc(footer, BinaryPrimitives.ReadUInt32LittleEndian(trailer[12..]), (long)footerOffset, "the footer");
        return BlockIndex.Read(footer, version, Path, (long)footerOffset);
    }

    /// <summary>The shared strings, with resources and scopes.</summary>
    public SpanBatch ReadDictionary(BlockIndex index)
    {
        using var source = new DictionarySource(this, index);
        var counts = source.Counts;
        var decoder = new BatchDecoder(source, counts.Strings);
        var dictionary = new SpanBatch();
        decoder.TakeStrings(dictionary.Strings, counts.Strings, counts.StringBytes);
        decoder.TakeNested(dictionary.Nested, counts.Nested);
        decoder.TakeResources(dictionary.Resources, counts);
        decoder.TakeScopes(dictionary.Scopes, counts);
        return dictionary;
    }

    /// <summary>The shapes that row groups have in common.</summary>
    public SpanShape[] ReadShapes(BlockIndex index, int stringCount)
    {
        using var bytes = new ByteWriter();
        var reader = new ByteReader(ReadChunk(index.Shapes, bytes), Path, index.Shapes.Offset);
        var shapes = new SpanShape[reader.TakeCount(reader.Remaining)];
        foreach (ref var shape in shapes.AsSpan())
            shape = SpanShape.Read(ref reader, stringCount);
        reader.ExpectEnd();
        return shapes;
    }

    public ServiceOperation[] ReadOperations(BlockIndex index)
    {
        using var bytes = new ByteWriter();
        return OperationTable.Read(ReadChunk(index.Operations, bytes), Path, index.Operations.Offset);
    }

    /// <summary>The words of a filter part.</summary>
    public ulong[] ReadFilter(ChunkPlace part)
    {
        using var bytes = new ByteWriter();
        var words = ReadChunk(part, bytes);
        if (words.Length % BloomFilter.BlockBytes != 0)
            throw new CorruptFileException(Path, part.Offset, $"filters in blocks of {BloomFilter.BlockBytes} bytes", $"{words.Length} bytes");
        return BloomFilter.Load(words);
    }

    /// <summary>Where each page of the trace index starts, in traces; and, at the end, how many there are.</summary>
    public int[] ReadTraceIndexTable(BlockIndex index)
    {
        using var bytes = new ByteWriter();
        var reader = new ByteReader(ReadChunk(index.TraceIndexTable, bytes), Path, index.TraceIndexTable.Offset);
        var counts = new ulong[index.TraceIndexPages];
        NarrowColumn.Read(ref reader, counts);
        reader.ExpectEnd();
        var starts = new int[counts.Length + 1];
        for (var page = 0; page < counts.Length; page++)
        {
            if (counts[page] > (ulong)(TraceIndex.TracesMax - starts[page]))
                reader.Fail($"{TraceIndex.TracesMax} traces at most", $"{counts[page]} in page {page}");
            starts[page + 1] = starts[page] + (int)counts[page];
        }

        if (TraceIndex.PagesBytes(counts.Length, starts[^1], TraceIndex.GroupBytes(index.Groups.Length)) > LengthBytes - index.TraceIndexOffset)
            reader.Fail("traces whose pages lie in the file", $"{starts[^1]}");
        return starts;
    }

    /// <summary>The row groups in which a trace with this hash may begin, in order.</summary>
    public List<int> ReadTraceGroups(BlockIndex index, ReadOnlySpan<int> pageStarts, ulong hash)
    {
        var groups = new List<int>();
        var pageCount = pageStarts.Length - 1;
        if (pageCount == 0)
            return groups;
        var page = TraceIndex.PageOf(hash, pageCount, out var mark);
        var (count, width) = (pageStarts[page + 1] - pageStarts[page], TraceIndex.GroupBytes(index.Groups.Length));
        var offset = index.TraceIndexOffset + TraceIndex.PagesBytes(page, pageStarts[page], width);
        var bytes = ArrayPool<byte>.Shared.Rent(TraceIndex.PageBytes(count, width));
        try
        {
            var stored = bytes.AsSpan(0, TraceIndex.PageBytes(count, width));
            ReadExactly(offset, stored);
            CheckCrc(stored[TraceIndex.CrcBytes..], BinaryPrimitives.ReadUInt32LittleEndian(stored), offset, "a page of the trace index");
            TraceIndex.Find(stored[TraceIndex.CrcBytes..], count, width, mark, groups);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        if (groups.Exists(group => group >= index.Groups.Length))
            throw new CorruptFileException(Path, offset, $"row groups below {index.Groups.Length}", "one beyond");
        return groups.Count > 1 ? [.. groups.Distinct().Order()] : groups;
    }

    /// <summary>The traces that may begin in the block more than once, and the row groups in which they do.</summary>
    public RepeatedMarks ReadRepeatedMarks(BlockIndex index, ReadOnlySpan<int> pageStarts)
    {
        var repeated = new RepeatedMarks(pageStarts.Length - 1);
        var (width, marks) = (TraceIndex.GroupBytes(index.Groups.Length), new HashSet<ushort>());
        byte[] bytes = [];
        for (var page = 0; page < pageStarts.Length - 1; page++)
        {
            var count = pageStarts[page + 1] - pageStarts[page];
            var offset = index.TraceIndexOffset + TraceIndex.PagesBytes(page, pageStarts[page], width);
            if (bytes.Length < TraceIndex.PageBytes(count, width))
                bytes = new byte[TraceIndex.PageBytes(count, width)];
            var stored = bytes.AsSpan(0, TraceIndex.PageBytes(count, width));
            ReadExactly(offset, stored);
            CheckCrc(stored[TraceIndex.CrcBytes..], BinaryPrimitives.ReadUInt32LittleEndian(stored), offset, "a page of the trace index");
            TraceIndex.FindRepeated(stored[TraceIndex.CrcBytes..], count, width, marks, repeated.Groups);
            repeated.Add(page, marks);
            marks.Clear();
        }

        return repeated;
    }

    /// <summary>Where each page of the value index starts behind the first; and, at the end, how long they are together.</summary>
    public int[] ReadValueIndexTable(BlockIndex index)
    {
        var place = index.ValueIndex;
        using var room = new ByteWriter();
        var reader = new ByteReader(ReadChunk(place.Table, room), Path, place.Table.Offset);
        using var bytes = Rented<ulong>.Of(place.Pages);
        NarrowColumn.Read(ref reader, bytes.Span);
        reader.ExpectEnd();
        var end = Math.Min(int.MaxValue, LengthBytes - place.Offset);
        var starts = new int[place.Pages + 1];
        for (var page = 0; page < place.Pages; page++)
        {
            if (bytes.Span[page] < ValueIndex.PageBytesMin || bytes.Span[page] > (ulong)(end - starts[page]))
                reader.Fail($"a page of {ValueIndex.PageBytesMin} bytes or more that lies in the file", $"{bytes.Span[page]} bytes from {starts[page]} on");
            starts[page + 1] = starts[page] + (int)bytes.Span[page];
        }

        return starts;
    }

    /// <summary>The row groups that may have a string with this hash for themselves, in order.</summary>
    public int[] ReadValueGroups(BlockIndex index, int[] pageStarts, ulong hash)
    {
        var page = ValueIndex.PageOf(hash, pageStarts.Length - 1, out var mark);
        var offset = index.ValueIndex.Offset + pageStarts[page];
        using var bytes = Rented<byte>.Of(pageStarts[page + 1] - pageStarts[page]);
        ReadExactly(offset, bytes.Span);
        CheckCrc(bytes.Span[ValueIndex.CrcBytes..], BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span), offset, "a page of the value index");
        var reader = new ByteReader(bytes.Span[ValueIndex.CrcBytes..], Path, offset + ValueIndex.CrcBytes);
        return ValueIndex.Find(ref reader, mark, index.Groups.Length);
    }

    /// <summary>Reads a chunk, checks it, and undoes its compression.</summary>
    /// <param name="room">Holds the answer.</param>
    public ReadOnlySpan<byte> ReadChunk(ChunkPlace chunk, ByteWriter room)
    {
        if (chunk.Offset < 0 || chunk.Offset + chunk.Bytes > file.LengthBytes)
            throw new CorruptFileException(Path, chunk.Offset, $"{chunk.Bytes} bytes", "the end of the file");
        var stored = ArrayPool<byte>.Shared.Rent(chunk.Bytes);
        try
        {
            ReadExactly(chunk.Offset, stored.AsSpan(0, chunk.Bytes));
            var raw = Unpack(stored.AsSpan(0, chunk.Bytes), chunk.Offset, room);
            if (raw.IsEmpty || !raw.Overlaps(stored))
                return raw;
            room.Clear();
            room.Write(raw);
            return room.Written;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    /// <summary>How many bytes a chunk has when its compression is undone, as it says itself: for figures, unchecked.</summary>
    public long ReadRawBytes(ChunkPlace chunk)
    {
        Span<byte> start = stackalloc byte[Math.Min(chunk.Bytes, ChunkPlace.BytesMin + 10)];
        ReadExactly(chunk.Offset, start);
        var reader = new ByteReader(start[4..], Path, chunk.Offset + 4);
        return (ChunkCodec)reader.TakeByte() == ChunkCodec.None ? chunk.Bytes - ChunkPlace.BytesMin : reader.TakeCount(RawBytesMax);
    }

    /// <summary>Checks a chunk that was read, and undoes its compression.</summary>
    /// <param name="room">Holds the answer if it was compressed; otherwise the answer is a part of <paramref name="stored"/>.</param>
    public ReadOnlySpan<byte> Unpack(ReadOnlySpan<byte> stored, long offset, ByteWriter room)
    {
        CheckCrc(stored[4..], BinaryPrimitives.ReadUInt32LittleEndian(stored), offset, "a column");
        var reader = new ByteReader(stored[4..], Path, offset + 4);
        var codec = (ChunkCodec)reader.TakeByte();
        switch (codec)
        {
            case ChunkCodec.None:
                return stored[ChunkPlace.BytesMin..];
            case ChunkCodec.Zstd when !Zstd.IsAvailable:
                throw new UnsupportedFormatException(
                    Path, "it is compressed with zstd, and libzstd cannot be loaded", "Install libzstd; storage.compression: lz4 writes blocks that do without.");
            case ChunkCodec.Zstd or ChunkCodec.Lz4:
                room.Clear();
                var rawBytes = reader.TakeCount(RawBytesMax);
                var compressed = reader.Take(reader.Remaining);
                if (!(codec == ChunkCodec.Zstd ? Zstd.CanBecome(compressed, rawBytes) : Lz4.CanBecome(compressed, rawBytes)))
                    throw new CorruptFileException(Path, offset, $"{rawBytes} bytes compressed by {codec}", $"{compressed.Length} bytes that are no such thing");
                var raw = room.Append(rawBytes);
                if (!(codec == ChunkCodec.Zstd ? Zstd.TryDecompress(compressed, raw) : Lz4.TryDecompress(compressed, raw)))
                    throw new CorruptFileException(Path, offset, $"{raw.Length} bytes compressed by {codec}", "something else");
                return raw;
            default:
                throw new UnsupportedFormatException(Path, $"it is compressed with the unknown codec {(int)codec}");
        }
    }

    public void ReadExactly(long offset, Span<byte> target)
    {
        var read = file.Read(offset, target);
        if (read < target.Length)
            throw new CorruptFileException(Path, offset + read, $"{target.Length - read} more bytes", "the end of the file");
    }

    public void CheckCrc(ReadOnlySpan<byte> bytes, uint expected, long offset, string what)
    {
        var found = Crc.Of(bytes);
        if (found != expected)
            throw new CorruptFileException(Path, offset, $"{what} with the checksum {expected:x8}", $"{found:x8}");
    }

    public void Dispose() => file.Dispose();

    // The end tells versions apart as well: that of a header has no checksum.
    void CheckEnd(ReadOnlySpan<byte> magic, uint version, long offset)
    {
        var ofEnd = magic.SequenceEqual(BlockFormat.EndMagic) ? BlockFormat.Version
            : magic.SequenceEqual(BlockFormat.EndMagicBefore3) ? BlockFormat.Version2
            : throw new CorruptFileException(Path, offset, "the end of a block", "something else");
        if (ofEnd != version)
            throw new CorruptFileException(Path, BlockFormat.Magic.Length, $"version {ofEnd}, as the end of the block has it", $"{version}");
    }

    uint ReadVersion()
    {
        Span<byte> header = stackalloc byte[BlockFormat.HeaderBytes];
        ReadExactly(0, header);
        if (!header[..8].SequenceEqual(BlockFormat.Magic))
            throw new CorruptFileException(Path, 0, "the start of a block", "something else");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version is 0 or > BlockFormat.VersionMax)
            throw new CorruptFileException(Path, 8, $"the version of a block, from 1 to {BlockFormat.VersionMax}", $"{version}");
        if (version is not (BlockFormat.Version or BlockFormat.Version2))
            throw new UnsupportedFormatException(Path, $"block version {version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) is var reserved && reserved != 0)
            throw new CorruptFileException(Path, 12, "four zeros", $"{reserved:x8}");
        return version;
    }
}
