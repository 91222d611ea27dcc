using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Version1;

/// <summary>The columns of a row group, or of the dictionary, of version 1.</summary>
/// <remarks>
/// <code>
/// | 15 row counts, varints | runs of traces varint | chunk count u8 | per chunk: column u8, chunk | crc32c u32 | chunks |
/// chunk: | codec u8: 0 none, 1 zstd | stored bytes u32 | raw bytes u32 | crc32c of the stored bytes u32 |
/// </code>
/// A column without a chunk is all zero.
/// </remarks>
internal sealed class Version1Source : ColumnSource
{
    const int RowsMax = 1 << 28;

    readonly string _path;
    readonly long _offset;
    readonly byte[] _bytes;
    readonly Chunk?[] _chunks = new Chunk?[256];

    /// <param name="bytes">The directory and all chunks.</param>
    /// <param name="offset">Where they lie in the file.</param>
    public Version1Source(byte[] bytes, int directoryBytes, string path, long offset)
    {
        (_path, _offset, _bytes) = (path, offset, bytes);
        if (directoryBytes < 4 || directoryBytes > bytes.Length)
            throw new CorruptFileException(path, offset, $"a directory within {bytes.Length} bytes", $"one of {directoryBytes}");
        var directory = bytes.AsSpan(0, directoryBytes);
        if (Crc.Of(directory[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(directory[^4..]))
            throw new CorruptFileException(path, offset, "the checksum of a directory of columns", "another");
        var reader = new ByteReader(directory[..^4], path, offset);
        Counts = BatchCounts.Read(ref reader, RowsMax);
        RunCount = reader.TakeCount(Counts.Spans);
        var start = directoryBytes;
        for (var remaining = reader.TakeByte(); remaining > 0; remaining--)
        {
            var id = reader.TakeByte();
            var codec = reader.TakeByte();
            uint stored = reader.TakeUInt32(), raw = reader.TakeUInt32(), crc = reader.TakeUInt32();
            if (stored > bytes.Length - start || raw > int.MaxValue || (codec == 0 && raw != stored))
                reader.Fail("the lengths of a chunk", $"{stored} stored, {raw} raw");
            _chunks[id] = new Chunk(codec, start, (int)stored, (int)raw, crc);
            start += (int)stored;
        }

        reader.ExpectEnd();
    }

    public BatchCounts Counts { get; }

    public int RunCount { get; }

    public override void Take(ColumnId id, Span<ulong> values)
    {
        if (_chunks[(int)id] is not { } chunk)
        {
            values.Clear();
            return;
        }

        var raw = Raw(chunk);
        var reader = new ByteReader(raw, _path, _offset + chunk.Start);
        if (raw.Length > 0 && raw[0] > BitColumn.Form)
            BitColumn.Read(ref reader, values);
        else
            NarrowColumn.Read(ref reader, values);
        reader.ExpectEnd();
    }

    public override void TakeBytes(ColumnId id, Span<byte> bytes)
    {
        var raw = _chunks[(int)id] is { } chunk ? Raw(chunk) : [];
        if (raw.Length != bytes.Length)
            Fail(id, $"{bytes.Length} bytes", $"{raw.Length}");
        raw.CopyTo(bytes);
    }

    [DoesNotReturn]
    public override void Fail(ColumnId id, string expected, string found) =>
        throw new CorruptFileException(_path, _offset + (_chunks[(int)id]?.Start ?? 0), $"{id}: {expected}", found);

    ReadOnlySpan<byte> Raw(Chunk chunk)
    {
        var stored = _bytes.AsSpan(chunk.Start, chunk.StoredBytes);
        if (Crc.Of(stored) is var found && found != chunk.Crc)
            throw new CorruptFileException(_path, _offset + chunk.Start, $"a column with the checksum {chunk.Crc:x8}", $"{found:x8}");
        if (chunk.Codec == 0)
            return stored;
        if (chunk.Codec != 1)
            throw new UnsupportedFormatException(_path, $"it is compressed with the unknown codec {chunk.Codec}");
        if (!Zstd.IsAvailable)
            throw new UnsupportedFormatException(_path, "it is compressed with zstd, and libzstd cannot be loaded", "Install libzstd.");
        var raw = new byte[chunk.RawBytes];
        return Zstd.TryDecompress(stored, raw)
            ? raw
            : throw new CorruptFileException(_path, _offset + chunk.Start, $"a zstd frame of {chunk.RawBytes} bytes", "something else");
    }

    sealed record Chunk(byte Codec, int Start, int StoredBytes, int RawBytes, uint Crc);
}
