using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Reads the columns of one row group after the other: whole ones with one read, single ones as a search needs them.</summary>
/// <remarks>For one thread. A column is good until the next one is asked for, unless the row group was opened whole and stores it as it is.</remarks>
internal sealed class RowGroupReader(BlockFile file, BlockTables tables) : IDisposable
{
    readonly RowGroupDirectory _directory = new();
    readonly ByteWriter _room = new(1 << 16);
    RowGroupInfo _group;
    byte[] _bytes = [];
    bool _isWhole;
    SpanShape[]? _shapes;
    (int[] ClassOf, int Count)? _spanClasses;
    (int[] Ends, byte[] Bytes)? _ownStrings;
    TraceRunColumns? _runs;
    int[] _shapeOf = [];
    bool _hasShapeOf;

    public BlockTables Tables => tables;

    public RowGroupDirectory Directory => _directory;

    public string Path => file.Path;

    /// <summary>The shapes of the row group: the shared ones that it uses, then its own.</summary>
    public SpanShape[] Shapes => _shapes ??= ReadShapes();

    /// <summary>The classes of <see cref="Shapes"/> by which starts and durations are stored.</summary>
    public (int[] ClassOf, int Count) SpanClasses => _spanClasses ??= RowClasses.OfSpans(Shapes);

    /// <summary>Per row, the position of its shape among <see cref="Shapes"/>.</summary>
    public ReadOnlySpan<int> ShapeOf
    {
        get
        {
            if (!_hasShapeOf)
                ReadShapeOf();
            return _shapeOf.AsSpan(0, _directory.Rows);
        }
    }

    /// <summary>Which rows are whose.</summary>
    public TraceRunColumns Runs => _runs ??= TraceRunColumns.Read(this);

    /// <summary>Bytes of row groups that were read so far, as they are stored.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Begins with a row group.</summary>
    /// <param name="whole">Everything is going to be needed: one read instead of one per column.</param>
    /// <exception cref="CorruptFileException">Its directory is damaged.</exception>
    public void Open(RowGroupInfo group, bool whole)
    {
        _group = group;
        _isWhole = false;
        _shapes = null;
        _spanClasses = null;
        _ownStrings = null;
        _runs = null;
        _hasShapeOf = false;
        _directory.Read(file, group);
        if (!whole)
            return;
        Reserve(group.Bytes);
        file.ReadExactly(group.Offset, _bytes.AsSpan(0, group.Bytes));
        BytesRead += group.Bytes;
        _isWhole = true;
    }

    /// <summary>The row group as a batch of its own, with the strings and scopes that it uses.</summary>
    /// <exception cref="CorruptFileException">Part of it is damaged.</exception>
    public SpanBatch ReadWhole(RowGroupInfo group) => ReadWhole(group, new SpanBatch());

    /// <summary>As above, into an empty batch, which is returned.</summary>
    public SpanBatch ReadWhole(RowGroupInfo group, SpanBatch into)
    {
        Open(group, whole: true);
        new RowGroupDecoder(this).Append(0, group.Rows, new BatchTarget(tables.Dictionary, into));
        return into;
    }

    /// <summary>The traces of a row group in the order of its rows, without reading more than that takes.</summary>
    public TraceRun[] ReadRuns(RowGroupInfo group)
    {
        Open(group, whole: false);
        var runs = Runs;
        var decisions = ReadDecisions(runs.Count);
        var answer = new TraceRun[runs.Count];
        for (var run = 0; run < answer.Length; run++)
        {
            var decision = decisions is null ? KeepDecision.Undecided : decisions[run];
            answer[run] = new TraceRun(runs.Ids[run], runs.Starts[run], group.Number, runs.FirstRow(run), runs.FirstRow(run + 1) - runs.FirstRow(run), decision);
        }

        return answer;
    }

    // Null where nothing was ever decided, which is most everywhere.
    KeepDecision[]? ReadDecisions(int count)
    {
        if (!_directory.TryFind(ColumnId.KeepWeights, out _, out _) && !_directory.TryFind(ColumnId.KeepReasons, out _, out _))
            return null;
        var weights = new ulong[count];
        var reasons = new int[count];
        Take(ColumnId.KeepWeights, count, 0, weights);
        TakeCodes(ColumnId.KeepReasons, count, 0, reasons, StringCount);
        var target = new BatchTarget(tables.Dictionary, new SpanBatch());
        target.Begin(this);
        var known = new Dictionary<(ulong, int), KeepDecision>();
        var decisions = new KeepDecision[count];
        for (var run = 0; run < count; run++)
        {
            if (!known.TryGetValue((weights[run], reasons[run]), out var decision))
                known.Add((weights[run], reasons[run]), decision = TraceRuns.DecisionOf(weights[run], target.Batch.Strings.GetString(target.CodeOf(reasons[run]))));
            decisions[run] = decision;
        }

        return decisions;
    }

    /// <summary>Codes of strings are below this.</summary>
    public int StringCount => tables.Dictionary.Strings.Count + _directory.OwnStrings;

    /// <summary>Opens a column of numbers; false when it is not there, and all of its numbers are zero.</summary>
    public bool TryOpen(ColumnId id, int count, out IntegerColumn column)
    {
        column = default;
        if (!_directory.TryFind(id, out var start, out var bytes))
            return false;
        var reader = Columns(start, bytes);
        column = IntegerColumn.Open(ref reader, count);
        reader.ExpectEnd();
        return true;
    }

    /// <summary>The column, or columns, of an attribute's values.</summary>
    public ByteReader Columns(in RowGroupDirectory.AttributeChunk chunk) => Columns(chunk.Start, chunk.Bytes);

    /// <summary>The columns of a chunk that has several; false when it is not there, and all of their numbers are zero.</summary>
    public bool TryOpenColumns(ColumnId id, out ByteReader columns)
    {
        columns = default;
        if (!_directory.TryFind(id, out var start, out var bytes))
            return false;
        columns = Columns(start, bytes);
        return true;
    }

    /// <summary>Fills <paramref name="values"/> with the rows from <paramref name="first"/> on.</summary>
    /// <param name="count">How many rows the column has.</param>
    public void Take(ColumnId id, int count, int first, Span<ulong> values)
    {
        if (TryOpen(id, count, out var column))
            column.Decode(first, values);
        else
            values.Clear();
    }

    /// <summary>As <see cref="Take"/>, for codes, which must be below <paramref name="limit"/>.</summary>
    public void TakeCodes(ColumnId id, int count, int first, Span<int> codes, int limit)
    {
        if (!TryOpen(id, count, out var column))
        {
            codes.Clear();
            return;
        }

        if (count > 0 && column.Largest >= (ulong)limit)
            Fail(id, $"codes below {limit}", $"{column.Largest}");
        column.Decode(first, System.Runtime.InteropServices.MemoryMarshal.Cast<int, uint>(codes));
    }

    /// <summary>Bytes that were stored as they are, or text.</summary>
    public ReadOnlySpan<byte> Bytes(ColumnId id, int expected)
    {
        var bytes = _directory.TryFind(id, out var start, out var stored) ? Chunk(start, stored) : [];
        if (bytes.Length != expected)
            Fail(id, $"{expected} bytes", $"{bytes.Length}");
        return bytes;
    }

    /// <summary>The strings of the row group's own: where each ends, and their bytes.</summary>
    public (int[] Ends, byte[] Bytes) OwnStrings => _ownStrings ??= ReadOwnStrings();

    /// <summary>Whether a text is a part of the row group's own strings, one behind the other.</summary>
    public bool OwnBytesContain(ReadOnlySpan<byte> text)
    {
        var bytes = _ownStrings is var (_, known) ? known : Bytes(ColumnId.StringBytes, _directory.OwnStringBytes);
        return bytes.IndexOf(text) >= 0;
    }

    (int[] Ends, byte[] Bytes) ReadOwnStrings()
    {
        // The bytes come first: the directory sees to it that there are no more strings than bytes, so that what is allocated for strings is backed by bytes that are there.
        var bytes = Bytes(ColumnId.StringBytes, _directory.OwnStringBytes).ToArray();
        var ends = new int[_directory.OwnStrings];
        var lengths = new ulong[ends.Length];
        Take(ColumnId.StringLengths, lengths.Length, 0, lengths);
        var end = 0UL;
        for (var at = 0; at < ends.Length; at++)
        {
            end += Math.Min(lengths[at], int.MaxValue);
            if (end > (ulong)_directory.OwnStringBytes)
                Fail(ColumnId.StringLengths, $"strings of {_directory.OwnStringBytes} bytes together", $"{end}");
            ends[at] = (int)end;
        }

        if (end != (ulong)_directory.OwnStringBytes)
            Fail(ColumnId.StringLengths, $"strings of {_directory.OwnStringBytes} bytes together", $"{end}");
        return (ends, bytes);
    }

    [DoesNotReturn]
    public void Fail(ColumnId id, string expected, string found) =>
        throw new CorruptFileException(file.Path, _directory.TryFind(id, out var start, out _) ? _group.Offset + start : _group.DirectoryOffset, $"{id}: {expected}", found);

    [DoesNotReturn]
    public void Fail(in RowGroupDirectory.AttributeChunk chunk, string expected, string found) =>
        throw new CorruptFileException(file.Path, _group.Offset + chunk.Start, expected, found);

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _room.Dispose();
    }

    ByteReader Columns(int start, int bytes) => new(Chunk(start, bytes), file.Path, _group.Offset + start + ChunkPlace.BytesMin);

    ReadOnlySpan<byte> Chunk(int start, int bytes)
    {
        if (_isWhole)
            return file.Unpack(_bytes.AsSpan(start, bytes), _group.Offset + start, _room);
        Reserve(bytes);
        file.ReadExactly(_group.Offset + start, _bytes.AsSpan(0, bytes));
        BytesRead += bytes;
        return file.Unpack(_bytes.AsSpan(0, bytes), _group.Offset + start, _room);
    }

    void Reserve(int bytes)
    {
        if (_bytes.Length >= bytes)
            return;
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _bytes = ArrayPool<byte>.Shared.Rent(bytes);
    }

    SpanShape[] ReadShapes()
    {
        var shared = _directory.Shapes;
        var shapes = new SpanShape[shared.Count + _directory.OwnShapes];
        for (var at = 0; at < shared.Count; at++)
        {
            var number = shared[at].Number;
            if (number >= tables.Shapes.Length)
                Fail(ColumnId.Shapes, $"shapes below {tables.Shapes.Length}", $"{number}");
            shapes[at] = tables.Shapes[number];
        }

        if (_directory.OwnShapes == 0)
            return shapes;
        if (!TryOpenColumns(ColumnId.OwnShapes, out var own))
            Fail(ColumnId.OwnShapes, $"{_directory.OwnShapes} shapes", "none");
        for (var at = shared.Count; at < shapes.Length; at++)
            shapes[at] = SpanShape.Read(ref own, tables.Dictionary.Strings.Count);
        own.ExpectEnd();
        return shapes;
    }

    void ReadShapeOf()
    {
        var count = Shapes.Length;
        if (_shapeOf.Length < _directory.Rows)
            _shapeOf = new int[_directory.Rows];
        TakeCodes(ColumnId.Shapes, _directory.Rows, 0, _shapeOf.AsSpan(0, _directory.Rows), Math.Max(1, count));
        if (count == 0 && _directory.Rows > 0)
            Fail(ColumnId.Shapes, "shapes", "none");
        _hasShapeOf = true;
    }
}
