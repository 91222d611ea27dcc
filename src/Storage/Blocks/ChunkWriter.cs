using System.Buffers.Binary;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Gathers the columns of a row group, or of the dictionary, as chunks, and their directory.</summary>
/// <remarks>
/// <code>
/// chunk: | crc32c of the rest u32 | codec u8 | raw bytes varint, unless the codec is 0 | column, compressed by the codec |
/// entry: | column key | stored bytes varint |
/// </code>
/// Numbers are in the form that <see cref="IntegerColumnWriter"/> finds smallest, which a search can compare as it is; text is compressed where that saves enough to be
/// worth undoing. Ids are random and stay as they are. A column that is all zero has no chunk.
/// </remarks>
internal sealed class ChunkWriter(ChunkCodec codec) : ColumnSink, IDisposable
{
    /// <summary>Of zstd.</summary>
    const int Level = 1;

    /// <summary>Compression has to save at least this share, or the time to undo it is not worth it: 1/12.</summary>
    const int SavingDivisor = 12;

    const int CompressBytesMin = 48;

    readonly IntegerColumnWriter _numbers = new();
    readonly ByteWriter _directory = new();
    readonly ByteWriter _chunks = new(1 << 20);
    readonly ByteWriter _plain = new(1 << 16);
    readonly ByteWriter _compressed = new(1 << 16);
    int _chunkCount;

    public override void Put(ColumnId id, ReadOnlySpan<ulong> values)
    {
        if (!values.ContainsAnyExcept(0UL))
            return;
        _plain.Clear();
        _numbers.Write(_plain, values);
        _directory.WriteByte((byte)id);
        AddChunk(_plain.Written, compress: false);
    }

    public override void PutBytes(ColumnId id, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _directory.WriteByte((byte)id);
        AddChunk(bytes, compress: id is ColumnId.StringBytes or ColumnId.OwnShapes);
    }

    /// <summary>Adds a column of an attribute's values; it is there even when it is all zero.</summary>
    public void PutAttribute(ColumnKey key, bool isSigned, ReadOnlySpan<ulong> values)
    {
        _plain.Clear();
        _numbers.Write(_plain, values);
        PutAttribute(key, isSigned, values.Length, _plain.Written);
    }

    /// <summary>As above, for values that take more than one column of numbers.</summary>
    public void PutAttribute(ColumnKey key, bool isSigned, int rows, ReadOnlySpan<byte> column)
    {
        _directory.WriteByte((byte)(key.Tag | (isSigned ? ColumnKey.SignedTag : 0)));
        _directory.WriteVarint((ulong)key.Code);
        _directory.WriteVarint((ulong)rows);
        AddChunk(column, compress: false);
    }

    /// <summary>Adds a chunk of several columns of numbers, one behind the other.</summary>
    public void PutColumns(ColumnId id, ReadOnlySpan<byte> columns)
    {
        _directory.WriteByte((byte)id);
        AddChunk(columns, compress: false);
    }

    /// <summary>A chunk that stands by itself, outside of a directory.</summary>
    public ChunkPlace WriteAlone(ReadOnlySpan<byte> bytes, ByteWriter to, long toOffset)
    {
        var offset = toOffset + to.Count;
        var start = to.Count;
        WriteChunk(bytes, compress: true, to);
        return new ChunkPlace(offset, to.Count - start);
    }

    /// <summary>Ends a directory and hands out the chunks that it is of; the next one begins.</summary>
    /// <param name="directory">Gets <c>| chunk count varint | entry per chunk |</c>.</param>
    public void Finish(ByteWriter directory, ByteWriter chunks)
    {
        directory.WriteVarint((ulong)_chunkCount);
        directory.Write(_directory.Written);
        chunks.Write(_chunks.Written);
        _directory.Clear();
        _chunks.Clear();
        _chunkCount = 0;
    }

    public void Dispose()
    {
        _directory.Dispose();
        _chunks.Dispose();
        _plain.Dispose();
        _compressed.Dispose();
    }

    void AddChunk(ReadOnlySpan<byte> raw, bool compress)
    {
        var start = _chunks.Count;
        WriteChunk(raw, compress, _chunks);
        _directory.WriteVarint((ulong)(_chunks.Count - start));
        _chunkCount++;
    }

    void WriteChunk(ReadOnlySpan<byte> raw, bool compress, ByteWriter to)
    {
        var start = to.Count;
        to.WriteUInt32(0);
        if (compress && TryCompress(raw))
        {
            to.WriteByte((byte)codec);
            to.WriteVarint((ulong)raw.Length);
            to.Write(_compressed.Written);
        }
        else
        {
            to.WriteByte((byte)ChunkCodec.None);
            to.Write(raw);
        }

        var written = to.Written[start..];
        BinaryPrimitives.WriteUInt32LittleEndian(written, Crc.Of(written[4..]));
    }

    bool TryCompress(ReadOnlySpan<byte> raw)
    {
        if (codec == ChunkCodec.None || raw.Length < CompressBytesMin)
            return false;
        _compressed.Clear();
        var stored = codec == ChunkCodec.Zstd
            ? Zstd.Compress(raw, _compressed.Append(Zstd.BoundOf(raw.Length)), Level)
            : Lz4.Compress(raw, _compressed.Append(Lz4.BoundOf(raw.Length)));
        if (stored >= raw.Length - (raw.Length / SavingDivisor))
            return false;
        _compressed.Truncate(stored);
        return true;
    }
}
