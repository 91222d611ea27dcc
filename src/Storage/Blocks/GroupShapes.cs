using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Numbers the shapes of the rows of one row group after the other: those that the block has in common, then the row group's own.</summary>
/// <param name="stringCount">Codes of names and keys are below this.</param>
internal sealed class GroupShapes(int stringCount) : IDisposable
{
    /// <summary>The shapes that a block has in common. What is more varied stays with its row groups.</summary>
    const int SharedMax = 4_096, SharedNumbersMax = 1 << 17, SharedShapeNumbersMax = 512;

    readonly ShapeTable _own = new();
    readonly Column<int> _numbers = new();
    readonly Column<int> _ofRows = new();
    readonly ByteWriter _bytes = new();

    /// <summary>The shapes that row groups so far have in common.</summary>
    public ShapeTable Shared { get; } = new();

    /// <summary>The shared ones that the row group uses, ascending.</summary>
    public int[] Used { get; private set; } = [];

    public int OwnCount => _own.Count;

    /// <summary>Those it uses, then its own.</summary>
    public SpanShape[] All { get; private set; } = [];

    /// <summary>Per row, the position of its shape among <see cref="All"/>.</summary>
    public ReadOnlySpan<int> OfRows => _ofRows.Values;

    /// <summary>Begins with a row group.</summary>
    public void Take(SpanBatch group)
    {
        _own.Clear();
        _ofRows.Clear();
        var used = new SortedSet<int>();
        var rows = _ofRows.Append(group.SpanCount);
        for (var row = 0; row < rows.Length; row++)
        {
            _numbers.Clear();
            SpanShape.Describe(group, row, _numbers);
            var numbers = _numbers.Values;
            var hash = ShapeTable.Hash(numbers);
            var shape = Shared.Find(numbers, hash);
            if (shape < 0 && Shared.Count < SharedMax && Shared.NumberCount < SharedNumbersMax && numbers.Length <= SharedShapeNumbersMax)
                shape = Shared.Add(numbers, hash);
            if (shape >= 0 && (row == 0 || rows[row - 1] != shape))
                used.Add(shape);
            if (shape < 0)
                shape = ~(_own.Find(numbers, hash) is var own and >= 0 ? own : _own.Add(numbers, hash));
            rows[row] = shape;
        }

        Used = [.. used];
        Number(rows);
        All = ReadAll();
    }

    public void Put(ChunkWriter chunks, RowGroupColumns columns)
    {
        _bytes.Clear();
        _own.Write(_bytes);
        chunks.PutBytes(ColumnId.OwnShapes, _bytes.Written);
        columns.PutCodes(ColumnId.Shapes, OfRows);
    }

    public void Dispose() => _bytes.Dispose();

    // Shared shapes keep their number for the whole block; the row group's own are numbered behind those it uses.
    void Number(Span<int> rows)
    {
        var ordinals = new Dictionary<int, int>();
        for (var at = 0; at < Used.Length; at++)
            ordinals.Add(Used[at], at);
        foreach (ref var shape in rows)
            shape = shape < 0 ? Used.Length + ~shape : ordinals[shape];
    }

    SpanShape[] ReadAll()
    {
        var shapes = new SpanShape[Used.Length + _own.Count];
        for (var at = 0; at < shapes.Length; at++)
        {
            _bytes.Clear();
            SpanShape.Write(at < Used.Length ? Shared[Used[at]] : _own[at - Used.Length], _bytes);
            var reader = new ByteReader(_bytes.Written, "", 0);
            shapes[at] = SpanShape.Read(ref reader, stringCount);
        }

        return shapes;
    }
}
