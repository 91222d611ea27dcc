using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Gathers the columns of a row group, or of the dictionary, as chunks, each in the smallest of the forms at hand.</summary>
/// <remarks>
/// Numbers are tried as whole bytes under the codec, which finds what repeats, and as bits without it, which is hard to beat where nothing does. Ids are random and stay as
/// they are. A column that is all zero has no chunk.
/// </remarks>
internal sealed class ChunkWriter(ChunkCodec codec) : ColumnSink, IDisposable
{
    /// <summary>Of zstd.</summary>
    const int Level = 1;

    /// <summary>Compression has to save at least this share, or the time to undo it is not worth it: 1/16.</summary>
    const int SavingShift = 4;

    const int CompressBytesMin = 48;

    readonly ByteWriter _directory = new();
    readonly ByteWriter _chunks = new(1 << 20);
    readonly ByteWriter _plain = new(1 << 16);
    readonly ByteWriter _compressed = new(1 << 16);
    int _chunkCount;

    public override void Put(ColumnId id, ReadOnlySpan<ulong> values)
    {
        var (smallest, largest) = NarrowColumn.Range(values);
        if (largest == 0)
            return;
        _plain.Clear();
        var bits = BitColumn.BitsOf(largest - smallest);
        if (bits is 0 or > BitColumn.BitsMax)
        {
            NarrowColumn.Write(_plain, values);
            AddCompressed(id, _plain.Written);
            return;
        }

        if (codec != ChunkCodec.None)
        {
            NarrowColumn.Write(_plain, values);
            var stored = Compress(_plain.Written);
            if (stored < BitColumn.BytesOf(values.Length, bits) && stored < _plain.Count)
            {
                Add(id, codec, _compressed.Written[..stored], _plain.Count);
                return;
            }

            _plain.Clear();
        }

        BitColumn.Write(_plain, values, smallest, bits);
        Add(id, ChunkCodec.None, _plain.Written, _plain.Count);
    }

    public override void PutBytes(ColumnId id, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        if (id == ColumnId.StringBytes)
            AddCompressed(id, bytes);
        else
            Add(id, ChunkCodec.None, bytes, bytes.Length);
    }

    /// <summary>A chunk that stands by itself, outside of a directory.</summary>
    public ChunkInfo WriteAlone(ReadOnlySpan<byte> bytes, ByteWriter to, long toOffset)
    {
        var offset = toOffset + to.Count;
        var stored = Compress(bytes);
        if (stored < bytes.Length - (bytes.Length >> SavingShift))
        {
            var compressed = _compressed.Written[..stored];
            to.Write(compressed);
            return new ChunkInfo(codec, offset, stored, bytes.Length, Crc.Of(compressed));
        }

        to.Write(bytes);
        return new ChunkInfo(ChunkCodec.None, offset, bytes.Length, bytes.Length, Crc.Of(bytes));
    }

    /// <summary>Writes the directory and the chunks gathered so far, and starts afresh.</summary>
    /// <returns>The size of the directory.</returns>
    public int Finish(in BatchCounts counts, int traceCount, ByteWriter to)
    {
        var start = to.Count;
        counts.Write(to);
        to.WriteVarint((ulong)traceCount);
        to.WriteByte((byte)_chunkCount);
        to.Write(_directory.Written);
        to.WriteUInt32(Crc.Of(to.Written[start..]));
        var directoryBytes = to.Count - start;
        to.Write(_chunks.Written);
        _directory.Clear();
        _chunks.Clear();
        _chunkCount = 0;
        return directoryBytes;
    }

    public void Dispose()
    {
        _directory.Dispose();
        _chunks.Dispose();
        _plain.Dispose();
        _compressed.Dispose();
    }

    void AddCompressed(ColumnId id, ReadOnlySpan<byte> bytes)
    {
        var stored = Compress(bytes);
        if (stored < bytes.Length - (bytes.Length >> SavingShift))
            Add(id, codec, _compressed.Written[..stored], bytes.Length);
        else
            Add(id, ChunkCodec.None, bytes, bytes.Length);
    }

    void Add(ColumnId id, ChunkCodec storedWith, ReadOnlySpan<byte> stored, int rawBytes)
    {
        _directory.WriteByte((byte)id);
        new ChunkInfo(storedWith, 0, stored.Length, rawBytes, Crc.Of(stored)).Write(_directory);
        _chunks.Write(stored);
        _chunkCount++;
    }

    /// <returns>How many bytes of <c>_compressed</c> it takes; more than were given when it is not worth trying.</returns>
    int Compress(ReadOnlySpan<byte> bytes)
    {
        if (codec == ChunkCodec.None || bytes.Length < CompressBytesMin)
            return int.MaxValue;
        _compressed.Clear();
        return codec == ChunkCodec.Zstd
            ? Zstd.Compress(bytes, _compressed.Append(Zstd.BoundOf(bytes.Length)), Level)
            : Lz4.Compress(bytes, _compressed.Append(Lz4.BoundOf(bytes.Length)));
    }
}
