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
    public string Path => file.Path;

    public long LengthBytes => file.LengthBytes;

    /// <exception cref="CorruptFileException">The header, the trailer or the footer is not what a writer left.</exception>
    /// <exception cref="UnsupportedFormatException">It is of a version that this program does not know.</exception>
    public BlockIndex ReadIndex()
    {
        var length = file.LengthBytes;
        if (length < BlockFormat.HeaderBytes + BlockFormat.TrailerBytes)
            throw new CorruptFileException(Path, 0, "a block", $"{length} bytes");
        CheckHeader();
        Span<byte> trailer = stackalloc byte[BlockFormat.TrailerBytes];
        var trailerOffset = length - BlockFormat.TrailerBytes;
        ReadExactly(trailerOffset, trailer);
        if (!trailer[16..].SequenceEqual(BlockFormat.EndMagic))
            throw new CorruptFileException(Path, trailerOffset + 16, "the end of a block", "something else");
        var footerOffset = BinaryPrimitives.ReadUInt64LittleEndian(trailer);
        var footerBytes = BinaryPrimitives.ReadUInt32LittleEndian(trailer[8..]);
        if (footerOffset < BlockFormat.HeaderBytes || footerOffset > (ulong)trailerOffset || footerOffset + footerBytes != (ulong)trailerOffset)
            throw new CorruptFileException(Path, trailerOffset, "the place of the footer", $"{footerBytes} bytes at {footerOffset}");
        var footer = new byte[footerBytes];
        ReadExactly((long)footerOffset, footer);
        CheckCrc(footer, BinaryPrimitives.ReadUInt32LittleEndian(trailer[12..]), (long)footerOffset, "the footer");
        return BlockIndex.Read(footer, Path, (long)footerOffset);
    }

    /// <summary>The shared strings, with resources and scopes.</summary>
    public SpanBatch ReadDictionary(BlockIndex index)
    {
        using var source = new RowGroupSource(this);
        source.Open(index.DictionaryOffset, index.DictionaryBytes, index.DictionaryDirectoryBytes, readAll: true);
        var counts = source.Counts;
        var decoder = new BatchDecoder(source, counts.Strings);
        var dictionary = new SpanBatch();
        decoder.TakeStrings(dictionary.Strings, counts.Strings, counts.StringBytes);
        decoder.TakeNested(dictionary.Nested, counts.Nested);
        decoder.TakeResources(dictionary.Resources, counts);
        decoder.TakeScopes(dictionary.Scopes, counts);
        return dictionary;
    }

    public ServiceOperation[] ReadOperations(BlockIndex index)
    {
        using var bytes = new ByteWriter();
        return OperationTable.Read(ReadChunk(index.Operations, bytes), Path, index.Operations.Offset);
    }

    /// <summary>The words of a filter part.</summary>
    public ulong[] ReadFilter(ChunkInfo part)
    {
        using var bytes = new ByteWriter();
        return MemoryMarshal.Cast<byte, ulong>(ReadChunk(part, bytes)).ToArray();
    }

    /// <summary>Where each page of the trace index starts, in traces; and, at the end, how many there are.</summary>
    public int[] ReadTraceIndexTable(BlockIndex index)
    {
        using var bytes = new ByteWriter();
        var reader = new ByteReader(ReadChunk(index.TraceIndexTable, bytes), Path, index.TraceIndexTable.Offset);
        // A page has about as many traces as all others: so many pages are not worth more than these bytes.
        if (index.TraceIndexPages < 0 || index.TraceIndexPages > LengthBytes / TraceIndex.CrcBytes)
            reader.Fail("the number of pages", $"{index.TraceIndexPages}");
        var counts = new ulong[index.TraceIndexPages];
        NarrowColumn.Read(ref reader, counts);
        reader.ExpectEnd();
        var starts = new int[counts.Length + 1];
        for (var page = 0; page < counts.Length; page++)
        {
            if (counts[page] > (ulong)(int.MaxValue - starts[page]))
                reader.Fail("a number of traces", $"{counts[page]}");
            starts[page + 1] = starts[page] + (int)counts[page];
        }

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
        var offset = index.TraceIndexOffset + page * (long)TraceIndex.CrcBytes + pageStarts[page] * (long)(2 + width);
        if (offset < 0 || offset + TraceIndex.PageBytes(count, width) > LengthBytes)
            throw new CorruptFileException(Path, Math.Max(0, offset), "a page of the trace index", "the end of the file");
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

    /// <summary>Reads a chunk, checks it, and undoes its compression.</summary>
    /// <param name="room">Holds the answer.</param>
    public ReadOnlySpan<byte> ReadChunk(ChunkInfo chunk, ByteWriter room)
    {
        if (chunk.Offset < 0 || chunk.Offset + chunk.StoredBytes > file.LengthBytes)
            throw new CorruptFileException(Path, chunk.Offset, $"{chunk.StoredBytes} bytes", "the end of the file");
        var stored = ArrayPool<byte>.Shared.Rent(chunk.StoredBytes);
        try
        {
            ReadExactly(chunk.Offset, stored.AsSpan(0, chunk.StoredBytes));
            return Unpack(chunk, stored.AsSpan(0, chunk.StoredBytes), room);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    /// <summary>Checks a chunk that was read, and undoes its compression.</summary>
    public ReadOnlySpan<byte> Unpack(ChunkInfo chunk, ReadOnlySpan<byte> stored, ByteWriter room)
    {
        CheckCrc(stored, chunk.Crc, chunk.Offset, "a column");
        room.Clear();
        var raw = room.Append(chunk.RawBytes);
        switch (chunk.Codec)
        {
            case ChunkCodec.None:
                stored.CopyTo(raw);
                break;
            case ChunkCodec.Zstd when !Zstd.IsAvailable:
                throw new UnsupportedFormatException(
                    Path, "it is compressed with zstd, and libzstd cannot be loaded", "Install libzstd; storage.compression: lz4 writes blocks that do without.");
            case ChunkCodec.Zstd:
                if (!Zstd.TryDecompress(stored, raw))
                    throw new CorruptFileException(Path, chunk.Offset, $"a zstd frame of {chunk.RawBytes} bytes", "something else");
                break;
            case ChunkCodec.Lz4:
                if (!Lz4.TryDecompress(stored, raw))
                    throw new CorruptFileException(Path, chunk.Offset, $"an LZ4 block of {chunk.RawBytes} bytes", "something else");
                break;
            default:
                throw new UnsupportedFormatException(Path, $"it is compressed with the unknown codec {(int)chunk.Codec}");
        }

        return raw;
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

    void CheckHeader()
    {
        Span<byte> header = stackalloc byte[BlockFormat.HeaderBytes];
        ReadExactly(0, header);
        if (!header[..8].SequenceEqual(BlockFormat.Magic))
            throw new CorruptFileException(Path, 0, "the start of a block", "something else");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) is var version && version != BlockFormat.Version)
            throw new UnsupportedFormatException(Path, $"block version {version}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) is var reserved && reserved != 0)
            throw new CorruptFileException(Path, 12, "four zeros", $"{reserved:x8}");
    }
}
