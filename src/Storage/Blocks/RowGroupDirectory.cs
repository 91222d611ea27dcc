using System.Buffers.Binary;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>What a row group has and where, read from its directory (drawn at <see cref="RowGroupEncoder"/>). One object reads many, one after the other.</summary>
internal sealed class RowGroupDirectory
{
    /// <summary>Rows of a row group, and strings and nested values of its own: more than this is no writer's work, and nothing is allocated for it.</summary>
    const int RowsMax = 1 << 26;

    /// <summary>Latest starts are kept in units of 2^20 ns, about a millisecond.</summary>
    public const int StartShift = 20;

    readonly int[] _fixedStarts = new int[ColumnKey.AttributeTag];
    readonly int[] _fixedBytes = new int[ColumnKey.AttributeTag];
    readonly List<AttributeChunk> _attributes = [];
    readonly List<Used> _shapes = [];
    readonly List<Used> _scopes = [];
    byte[] _stored = [];
    int _chunksStart, _chunksEnd;
    long _offset;
    bool _hasChunks;
    RowGroupInfo _group;
    string _path = "";

    public int Rows { get; private set; }

    public int Runs { get; private set; }

    public int OwnStrings { get; private set; }

    public int OwnStringBytes { get; private set; }

    public int NestedCount { get; private set; }

    public int OwnShapes { get; private set; }

    /// <summary>The shared shapes that rows have, ascending.</summary>
    public IReadOnlyList<Used> Shapes => _shapes;

    /// <summary>The scopes that rows have, ascending.</summary>
    public IReadOnlyList<Used> Scopes => _scopes;

    public IReadOnlyList<AttributeChunk> Attributes
    {
        get
        {
            ReadChunks();
            return _attributes;
        }
    }

    /// <exception cref="CorruptFileException">It is not what a writer left.</exception>
    public void Read(BlockFile file, RowGroupInfo group)
    {
        file.ReadExactly(group.DirectoryOffset, Reserve(group.DirectoryBytes));
        Read(group, file.Path);
    }

    /// <summary>As above, of what was read already.</summary>
    public void Read(ReadOnlySpan<byte> directory, RowGroupInfo group, string path)
    {
        directory.CopyTo(Reserve(directory.Length));
        Read(group, path);
    }

    Span<byte> Reserve(int bytes)
    {
        if (_stored.Length < bytes)
            _stored = new byte[Math.Max(bytes, _stored.Length * 2)];
        return _stored.AsSpan(0, bytes);
    }

    void Read(RowGroupInfo group, string path)
    {
        var stored = _stored.AsSpan(0, group.DirectoryBytes);
        var offset = group.DirectoryOffset;
        (_group, _path, _hasChunks) = (group, path, false);
        if (Crc.Of(stored[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(stored[^4..]))
            throw new CorruptFileException(path, offset, "the checksum of a directory of columns", "another");
        var from = new ByteReader(stored[..^4], path, offset);
        Rows = from.TakeCount(RowsMax);
        Runs = from.TakeCount(Rows);
        OwnStrings = from.TakeCount(RowsMax);
        OwnStringBytes = from.TakeCount(Array.MaxLength);
        if (OwnStrings > OwnStringBytes)
            from.Fail($"{OwnStrings} strings that are not empty", $"{OwnStringBytes} bytes");
        NestedCount = from.TakeCount(RowsMax);
        ReadUsed(ref from, _shapes, group.StartMax);
        OwnShapes = from.TakeCount(Rows);
        ReadUsed(ref from, _scopes, group.StartMax);
        if (Rows != group.Rows || OwnStrings != group.OwnStrings)
            from.Fail($"{group.Rows} rows and {group.OwnStrings} strings", $"{Rows} and {OwnStrings}");
        (_chunksStart, _chunksEnd, _offset) = (from.Position, stored.Length - 4, offset + from.Position);
    }

    /// <summary>Whether a column is there, and if so where its chunk starts within the row group, and how long it is.</summary>
    public bool TryFind(ColumnId id, out int start, out int bytes)
    {
        ReadChunks();
        (start, bytes) = (_fixedStarts[(int)id], _fixedBytes[(int)id]);
        return bytes > 0;
    }

    /// <summary>All columns and their chunks.</summary>
    public IEnumerable<(ColumnKey Key, ChunkPlace Place)> ChunksOf(RowGroupInfo group)
    {
        ReadChunks();
        for (var tag = 0; tag < _fixedBytes.Length; tag++)
        {
            if (_fixedBytes[tag] > 0)
                yield return (new ColumnKey((byte)tag, 0), new ChunkPlace(group.Offset + _fixedStarts[tag], _fixedBytes[tag]));
        }

        foreach (var chunk in _attributes)
            yield return (chunk.Key, new ChunkPlace(group.Offset + chunk.Start, chunk.Bytes));
    }

    // Most row groups that a search looks at are passed by before a column is asked for.
    void ReadChunks()
    {
        if (_hasChunks)
            return;
        var from = new ByteReader(_stored.AsSpan(_chunksStart.._chunksEnd), _path, _offset);
        var group = _group;
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

        from.ExpectEnd();
        _hasChunks = true;
    }

    static void ReadUsed(ref ByteReader from, List<Used> used, UnixNanos latest)
    {
        used.Clear();
        var number = 0;
        for (var remaining = from.TakeCount(from.Remaining); remaining > 0; remaining--)
        {
            number += from.TakeCount(int.MaxValue - number);
            var distance = from.TakeVarint();
            used.Add(new Used(number, latest.Minus(distance > ulong.MaxValue >> StartShift ? ulong.MaxValue : distance << StartShift)));
        }
    }

    /// <summary>A shape or scope that rows have.</summary>
    /// <param name="StartMax">None of them starts later.</param>
    public readonly record struct Used(int Number, UnixNanos StartMax)
    {
        /// <summary>No row with one of those that pass starts later; <see cref="UnixNanos.MinValue"/> when there is none.</summary>
        public static UnixNanos Newest(IReadOnlyList<Used> used, bool[] passes)
        {
            var newest = UnixNanos.MinValue;
            foreach (var (number, startMax) in used)
            {
                if (number < passes.Length && passes[number] && startMax > newest)
                    newest = startMax;
            }

            return newest;
        }
    }

    /// <summary>The chunk of an attribute column.</summary>
    /// <param name="IsSigned">The numbers' highest bit is turned around, so that they are in the order of signed ones.</param>
    /// <param name="Start">Within the row group.</param>
    public readonly record struct AttributeChunk(ColumnKey Key, bool IsSigned, int Rows, int Start, int Bytes);
}
