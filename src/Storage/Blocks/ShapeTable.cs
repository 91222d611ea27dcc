using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Distinct shapes under construction, each with a number that counts up from 0.</summary>
internal sealed class ShapeTable
{
    readonly Model.Column<int> _numbers = new();
    readonly Model.Column<int> _ends = new();
    readonly Model.Column<uint> _hashes = new();
    int[] _slots = new int[256];

    public int Count => _ends.Count;

    /// <summary>The numbers that describe all shapes together.</summary>
    public int NumberCount => _numbers.Count;

    public ReadOnlySpan<int> this[int shape] => _numbers.Values[(shape == 0 ? 0 : _ends[shape - 1]).._ends[shape]];

    public static uint Hash(ReadOnlySpan<int> numbers)
    {
        const ulong Odd = 0x9E3779B97F4A7C15;
        var hash = (ulong)numbers.Length;
        foreach (var number in numbers)
            hash = System.Numerics.BitOperations.RotateLeft((hash ^ (uint)number) * Odd, 29);
        return (uint)(hash ^ (hash >> 32));
    }

    /// <returns>-1 when it is not here.</returns>
    public int Find(ReadOnlySpan<int> numbers, uint hash)
    {
        var mask = _slots.Length - 1;
        for (var at = (int)hash & mask; _slots[at] is var slot && slot > 0; at = (at + 1) & mask)
        {
            if (_hashes[slot - 1] == hash && this[slot - 1].SequenceEqual(numbers))
                return slot - 1;
        }

        return -1;
    }

    /// <summary>Adds a shape that is not here.</summary>
    public int Add(ReadOnlySpan<int> numbers, uint hash)
    {
        _numbers.AddRange(numbers);
        _ends.Add(_numbers.Count);
        _hashes.Add(hash);
        if (_ends.Count * 2 > _slots.Length)
            _slots = new int[_slots.Length * 2];
        else
        {
            Place(_ends.Count - 1);
            return _ends.Count - 1;
        }

        for (var shape = 0; shape < _ends.Count; shape++)
            Place(shape);
        return _ends.Count - 1;
    }

    public void Clear()
    {
        if (_ends.Count == 0)
            return;
        _numbers.Clear();
        _ends.Clear();
        _hashes.Clear();
        Array.Clear(_slots);
    }

    public void Write(ByteWriter to)
    {
        for (var shape = 0; shape < Count; shape++)
            SpanShape.Write(this[shape], to);
    }

    void Place(int shape)
    {
        var mask = _slots.Length - 1;
        var at = (int)_hashes[shape] & mask;
        while (_slots[at] > 0)
            at = (at + 1) & mask;
        _slots[at] = shape + 1;
    }
}
