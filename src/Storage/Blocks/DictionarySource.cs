using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>The columns of a block's dictionary.</summary>
/// <remarks><code>| 15 row counts, varints | chunk count varint | entry per chunk | crc32c u32 | chunks |</code> A column without a chunk is all zero.</remarks>
internal sealed class DictionarySource : ColumnSource, IDisposable
{
    /// <summary>Rows of anything in a dictionary: more than this is no writer's work, and nothing is allocated for it.</summary>
    const int RowsMax = 1 << 26;

    readonly BlockFile _file;
    readonly long _offset;
    readonly byte[] _bytes;
    readonly (int Start, int Bytes)[] _chunks = new (int, int)[ColumnKey.AttributeTag];
    readonly ByteWriter _raw = new(1 << 16);

    public DictionarySource(BlockFile file, BlockIndex index)
    {
        (_file, _offset) = (file, index.DictionaryOffset);
        var directoryBytes = index.DictionaryDirectoryBytes;
        _bytes = new byte[index.DictionaryBytes];
        file.ReadExactly(_offset, _bytes);
        var directory = _bytes.AsSpan(0, directoryBytes);
        file.CheckCrc(directory[..^4], BinaryPrimitives.ReadUInt32LittleEndian(directory[^4..]), _offset, "a directory of columns");
        var from = new ByteReader(directory[..^4], file.Path, _offset);
        Counts = BatchCounts.Read(ref from, RowsMax);
        var start = directoryBytes;
        for (var remaining = from.TakeCount(from.Remaining); remaining > 0; remaining--)
        {
            var id = from.TakeByte();
            var bytes = from.TakeCount(_bytes.Length - start);
            if (id >= _chunks.Length || bytes < ChunkPlace.BytesMin)
                from.Fail("a chunk", $"{bytes} bytes of column {id}");
            _chunks[id] = (start, bytes);
            start += bytes;
        }

        from.ExpectEnd();
    }

    public BatchCounts Counts { get; }

    /// <summary>Where its columns are.</summary>
    public IEnumerable<ChunkPlace> Chunks => _chunks.Where(chunk => chunk.Bytes > 0).Select(chunk => new ChunkPlace(_offset + chunk.Start, chunk.Bytes));

    public override void Take(ColumnId id, Span<ulong> values)
    {
        var (start, bytes) = _chunks[(int)id];
        if (bytes == 0)
        {
            values.Clear();
            return;
        }

        var reader = new ByteReader(_file.Unpack(_bytes.AsSpan(start, bytes), _offset + start, _raw), _file.Path, _offset + start);
        IntegerColumn.Open(ref reader, values.Length).Decode(0, values);
        reader.ExpectEnd();
    }

    public override void TakeBytes(ColumnId id, Span<byte> bytes)
    {
        var (start, count) = _chunks[(int)id];
        var raw = count == 0 ? [] : _file.Unpack(_bytes.AsSpan(start, count), _offset + start, _raw);
        if (raw.Length != bytes.Length)
            Fail(id, $"{bytes.Length} bytes", $"{raw.Length}");
        raw.CopyTo(bytes);
    }

    [DoesNotReturn]
    public override void Fail(ColumnId id, string expected, string found) =>
        throw new CorruptFileException(_file.Path, _offset + _chunks[(int)id].Start, $"{id}: {expected}", found);

    public void Dispose() => _raw.Dispose();
}
