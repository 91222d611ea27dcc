using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>The values that one key has in a row group on one kind of owner: a column per kind of value, and the shapes that tell whose they are.</summary>
internal sealed class KeyColumns
{
    const int KindCount = 8;

    readonly RowGroupReader _reader;
    readonly ValueOwner _owner;
    readonly int _key;

    // Per kind, a bit for each value that passes; null when none does.
    readonly ulong[]?[] _passing = new ulong[KindCount][];
    readonly int[] _rowCounts = new int[KindCount];
    bool _emptyPasses;

    public KeyColumns(RowGroupReader reader, ValueOwner owner, int key)
    {
        _reader = reader;
        _owner = owner;
        _key = key;
    }

    /// <summary>Finds the values that pass.</summary>
    /// <returns>Whether any of them passes.</returns>
    public bool Read(AskedValue value, int ownCode)
    {
        _emptyPasses = value.CanBe(ValueKind.Empty);
        var isAny = _emptyPasses;
        foreach (var chunk in _reader.Directory.Attributes)
        {
            if (chunk.Key.Code != _key || chunk.Key.Owner != _owner)
                continue;
            _rowCounts[(int)chunk.Key.Kind] = chunk.Rows;
            if (!value.CanBe(chunk.Key.Kind))
                continue;
            var values = new ulong[RowBits.WordsOf(chunk.Rows)];
            RowBits.SetAll(values, chunk.Rows);
            value.Keep(_reader, chunk, ownCode, values);
            if (RowBits.IsEmpty(values))
                continue;
            _passing[(int)chunk.Key.Kind] = values;
            isAny = true;
        }

        return isAny;
    }

    /// <summary>Adds the rows with an owner whose first value under the key passes.</summary>
    public void Find(Span<ulong> rows)
    {
        var steps = Array.ConvertAll(_reader.Shapes, StepsOf);
        Span<int> next = stackalloc int[KindCount];
        next.Clear();
        var shapeOf = _reader.ShapeOf;
        for (var row = 0; row < shapeOf.Length; row++)
        {
            foreach (var (kind, isFirst) in steps[shapeOf[row]])
            {
                var at = next[(int)kind]++;
                if (isFirst && Passes(kind, at))
                    rows[row >> 6] |= 1UL << (row & 63);
            }
        }
    }

    bool Passes(ValueKind kind, int at)
    {
        if (kind == ValueKind.Empty)
            return _emptyPasses;
        if (at >= _rowCounts[(int)kind])
            _reader.Fail(ColumnId.Shapes, $"{_rowCounts[(int)kind]} values", "more");
        return _passing[(int)kind] is { } bits && RowBits.Contains(bits, at);
    }

    (ValueKind Kind, bool IsFirst)[] StepsOf(SpanShape shape)
    {
        var steps = new List<(ValueKind, bool)>();
        if (_owner == ValueOwner.Span)
            AddSteps(shape.Attributes, steps);
        foreach (var keys in _owner switch { ValueOwner.Event => shape.EventAttributes, ValueOwner.Link => shape.LinkAttributes, _ => [] })
            AddSteps(keys, steps);
        return [.. steps];
    }

    void AddSteps(ColumnKey[] keys, List<(ValueKind, bool)> steps)
    {
        var isFirst = true;
        foreach (var key in keys)
        {
            if (key.Code != _key)
                continue;
            steps.Add((key.Kind, isFirst));
            isFirst = false;
        }
    }
}
