using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>The columns of one row group, or of the dictionary, found by its directory.</summary>
/// <remarks>
/// <code>| 15 row counts, varints | runs of traces varint | chunk count u8 | per chunk: column u8, ChunkInfo | crc32c u32 | chunks |</code>
/// A column without a chunk is all zero.
/// </remarks>
internal sealed class RowGroupSource : ColumnSource, IDisposable
{
    /// <summary>Rows of anything in one row group: more than this is no writer's work, and nothing is allocated for it.</summary>
    const int RowsMax = 1 << 28;

    readonly BlockFile _file;
    readonly ChunkInfo[] _chunks = new ChunkInfo[256];
    readonly bool[] _present = new bool[256];
    readonly ByteWriter _raw = new(1 << 16);
    long _offset;
    byte[] _bytes = [];
    int _byteCount;

    /// <param name="file">Where <see cref="Open"/> finds row groups, one after the other.</param>
    public RowGroupSource(BlockFile file) => _file = file;

    public BatchCounts Counts { get; private set; }

    public int RunCount { get; private set; }

    /// <summary>The columns that have a chunk.</summary>
    public IEnumerable<(ColumnId Id, ChunkInfo Chunk)> Chunks =>
        Enumerable.Range(0, _chunks.Length).Where(id => _present[id]).Select(id => ((ColumnId)id, _chunks[id]));

    /// <summary>Reads the directory, and with <paramref name="readAll"/> everything else along with it: one read instead of one per column.</summary>
    /// <remarks>What was read before is forgotten; the memory for it is used again.</remarks>
    public void Open(long offset, int totalBytes, int directoryBytes, bool readAll)
    {
        if (offset < 0 || totalBytes < 0 || offset + totalBytes > _file.LengthBytes || directoryBytes < 4 || directoryBytes > totalBytes)
            throw new CorruptFileException(_file.Path, offset, $"{totalBytes} bytes", "the end of the file");
        _offset = offset;
        _byteCount = readAll ? totalBytes : directoryBytes;
        if (_bytes.Length < _byteCount)
        {
            ReturnBytes();
            _bytes = ArrayPool<byte>.Shared.Rent(_byteCount);
        }

        Array.Clear(_present);
        _file.ReadExactly(offset, _bytes.AsSpan(0, _byteCount));
        ReadDirectory(directoryBytes);
    }

    public bool Has(ColumnId id) => _present[(int)id];

    public override void Take(ColumnId id, Span<ulong> values)
    {
        if (!_present[(int)id])
        {
            values.Clear();
            return;
        }

        var reader = new ByteReader(Raw(id), _file.Path, _chunks[(int)id].Offset);
        if (reader.Remaining > 0 && _raw.Written[0] > BitColumn.Form)
            BitColumn.Read(ref reader, values);
        else
            NarrowColumn.Read(ref reader, values);
        reader.ExpectEnd();
    }

    public override void TakeBytes(ColumnId id, Span<byte> bytes)
    {
        if (!_present[(int)id])
        {
            if (bytes.Length > 0)
                Fail(id, $"{bytes.Length} bytes", "no such column");
            return;
        }

        var raw = Raw(id);
        if (raw.Length != bytes.Length)
            Fail(id, $"{bytes.Length} bytes", $"{raw.Length}");
        raw.CopyTo(bytes);
    }

    [DoesNotReturn]
    public override void Fail(ColumnId id, string expected, string found) =>
        throw new CorruptFileException(_file.Path, _present[(int)id] ? _chunks[(int)id].Offset : _offset, $"{id}: {expected}", found);

    public void Dispose()
    {
        ReturnBytes();
        _raw.Dispose();
    }

    void ReturnBytes()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    ReadOnlySpan<byte> Raw(ColumnId id)
    {
        var chunk = _chunks[(int)id];
        var at = chunk.Offset - _offset;
        return at + chunk.StoredBytes <= _byteCount
            ? _file.Unpack(chunk, _bytes.AsSpan((int)at, chunk.StoredBytes), _raw)
            : _file.ReadChunk(chunk, _raw);
    }

    void ReadDirectory(int directoryBytes)
    {
        var directory = _bytes.AsSpan(0, directoryBytes);
        _file.CheckCrc(directory[..^4], BinaryPrimitives.ReadUInt32LittleEndian(directory[^4..]), _offset, "a directory of columns");
        var reader = new ByteReader(directory[..^4], _file.Path, _offset);
        Counts = BatchCounts.Read(ref reader, RowsMax);
        RunCount = reader.TakeCount(Counts.Spans);
        var chunkOffset = _offset + directoryBytes;
        for (var remaining = reader.TakeByte(); remaining > 0; remaining--)
        {
            var id = reader.TakeByte();
            _chunks[id] = ChunkInfo.Read(ref reader, chunkOffset);
            _present[id] = true;
            chunkOffset += _chunks[id].StoredBytes;
        }

        reader.ExpectEnd();
    }
}
