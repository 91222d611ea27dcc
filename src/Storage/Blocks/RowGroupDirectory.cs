using System.Buffers.Binary;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>What a row group has and where, read from its directory (drawn at <see cref="RowGroupEncoder"/>). One object reads many, one after the other.</summary>
internal sealed class RowGroupDirectory
{
    /// <summary>Rows of a row group, and strings and nested values of its own: more than this is no writer's work, and nothing is allocated for it.</summary>
    const int RowsMax = 1 << 26;

    readonly int[] _fixedStarts = new int[ColumnKey.AttributeTag];
    readonly int[] _fixedBytes = new int[ColumnKey.AttributeTag];
    readonly List<AttributeChunk> _attributes = [];
    readonly List<int> _shapes = [];
    readonly List<int> _scopes = [];

    public int Rows { get; private set; }

    public int Runs { get; private set; }

    public int OwnStrings { get; private set; }

    public int OwnStringBytes { get; private set; }

    public int NestedCount { get; private set; }

    public int OwnShapes { get; private set; }

    /// <summary>The shared shapes that rows have, ascending.</summary>
    public IReadOnlyList<int> Shapes => _shapes;

    /// <summary>The scopes that rows have, ascending.</summary>
    public IReadOnlyList<int> Scopes => _scopes;

    public IReadOnlyList<AttributeChunk> Attributes => _attributes;

    /// <param name="stored">The directory, its checksum included.</param>
    /// <param name="offset">Where it lies in the file.</param>
    /// <exception cref="CorruptFileException">It is not what a writer left.</exception>
    public void Read(ReadOnlySpan<byte> stored, RowGroupInfo group, string path, long offset)
    {
        if (stored.Length < 4 || Crc.Of(stored[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(stored[^4..]))
            throw new CorruptFileException(path, offset, "the checksum of a directory of columns", "another");
        var from = new ByteReader(stored[..^4], path, offset);
        Rows = from.TakeCount(RowsMax);
        Runs = from.TakeCount(Rows);
        OwnStrings = from.TakeCount(RowsMax);
        OwnStringBytes = from.TakeCount(int.MaxValue);
        NestedCount = from.TakeCount(RowsMax);
        ReadAscending(ref from, _shapes);
        OwnShapes = from.TakeCount(Rows);
        ReadAscending(ref from, _scopes);
        if (Rows != group.Rows || OwnStrings != group.OwnStrings)
            from.Fail($"{group.Rows} rows and {group.OwnStrings} strings", $"{Rows} and {OwnStrings}");
        ReadChunks(ref from, group);
        from.ExpectEnd();
    }

    /// <summary>Whether a column is there, and if so where its chunk starts within the row group, and how long it is.</summary>
    public bool TryFind(ColumnId id, out int start, out int bytes)
    {
        (start, bytes) = (_fixedStarts[(int)id], _fixedBytes[(int)id]);
        return bytes > 0;
    }

    /// <summary>All columns and their chunks.</summary>
    public IEnumerable<(ColumnKey Key, ChunkPlace Place)> ChunksOf(RowGroupInfo group)
    {
        for (var tag = 0; tag < _fixedBytes.Length; tag++)
        {
            if (_fixedBytes[tag] > 0)
                yield return (new ColumnKey((byte)tag, 0), new ChunkPlace(group.Offset + _fixedStarts[tag], _fixedBytes[tag]));
        }

        foreach (var chunk in _attributes)
            yield return (chunk.Key, new ChunkPlace(group.Offset + chunk.Start, chunk.Bytes));
    }

    void ReadChunks(ref ByteReader from, RowGroupInfo group)
    {
        Array.Clear(_fixedBytes);
        _attributes.Clear();
        var start = 0;
        for (var remaining = from.TakeCount(from.Remaining); remaining > 0; remaining--)
        {
            var tag = from.TakeByte();
            var (code, rows) = tag < ColumnKey.AttributeTag ? (0, 0) : (from.TakeCount(int.MaxValue), from.TakeCount(RowsMax));
            var bytes = from.TakeCount(group.Bytes - start);
            if (bytes < ChunkPlace.BytesMin)
                from.Fail("a chunk", $"{bytes} bytes");
            if (tag < ColumnKey.AttributeTag)
                (_fixedStarts[tag], _fixedBytes[tag]) = (start, bytes);
            else
                _attributes.Add(new AttributeChunk(new ColumnKey((byte)(tag & ~ColumnKey.SignedTag), code), (tag & ColumnKey.SignedTag) != 0, rows, start, bytes));
            start += bytes;
        }
    }

    static void ReadAscending(ref ByteReader from, List<int> numbers)
    {
        numbers.Clear();
        var number = 0;
        for (var remaining = from.TakeCount(from.Remaining); remaining > 0; remaining--)
        {
            number += from.TakeCount(int.MaxValue - number);
            numbers.Add(number);
        }
    }

    /// <summary>The chunk of an attribute column.</summary>
    /// <param name="IsSigned">The numbers' highest bit is turned around, so that they are in the order of signed ones.</param>
    /// <param name="Start">Within the row group.</param>
    public readonly record struct AttributeChunk(ColumnKey Key, bool IsSigned, int Rows, int Start, int Bytes);
}
