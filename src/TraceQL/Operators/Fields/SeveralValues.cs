namespace Clew.TraceQL.Operators.Fields;

/// <summary>Gathers the values of a span's events or links into one array.</summary>
internal struct SeveralValues
{
    Cell[]? _cells;
    int _count;
    bool _isNil;

    public void Clear() => (_count, _isNil) = (0, true);

    /// <summary>Of an array, its elements; nil adds nothing.</summary>
    public void Add(Cell cell)
    {
        _isNil &= cell.IsNil;
        if (cell.Type == ValueType.Array)
        {
            for (var index = 0; index < cell.Count; index++)
                Add(cell[index]);
        }
        else if (!cell.IsNil)
        {
            _cells ??= new Cell[4];
            if (_count == _cells.Length)
                Array.Resize(ref _cells, _count * 2);
            _cells[_count++] = cell;
        }
    }

    /// <returns>Nil when nobody has a value. An empty array is one.</returns>
    public readonly Cell ToCell() => _isNil ? Cell.Nil : Cell.OfElements(_cells ?? [], _count);
}
