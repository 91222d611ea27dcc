using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clew.Model;

/// <summary>One field of many rows, side by side in memory.</summary>
/// <remarks>Grows by doubling and keeps its memory when cleared, so that a reused batch does not allocate. Not safe for a writer beside readers.</remarks>
public sealed class Column<T>
    where T : unmanaged
{
    T[] _rows = [];

    public int Count { get; private set; }

    /// <summary>Bytes of memory held, used or not.</summary>
    public long CapacityBytes => (long)_rows.Length * Unsafe.SizeOf<T>();

    public ReadOnlySpan<T> Values => new(_rows, 0, Count);

    /// <summary>The rows, to be changed in place: redaction and merging do this before a batch is handed on.</summary>
    public Span<T> Writable => new(_rows, 0, Count);

    public T this[int row] => Values[row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T value)
    {
        var rows = _rows;
        var count = Count;
        if ((uint)count < (uint)rows.Length)
            rows[count] = value;
        else
            GrowAndSet(count, value);
        Count = count + 1;
    }

    /// <summary>Adds <paramref name="count"/> rows and returns them for the caller to fill; their content is undefined until then.</summary>
    public Span<T> Append(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var start = Count;
        Reserve(checked(start + count));
        Count = start + count;
        return new Span<T>(_rows, start, count);
    }

    public void AddRange(ReadOnlySpan<T> values) => values.CopyTo(Append(values.Length));

    /// <summary>Replaces the content by <paramref name="wire"/>, the little-endian image of whole rows.</summary>
    public void Load(ReadOnlySpan<byte> wire)
    {
        Clear();
        AddRange(MemoryMarshal.Cast<byte, T>(wire));
    }

    /// <summary>Forgets the rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        Count = count;
    }

    public void Clear() => Count = 0;

    public void Reserve(int rowCount)
    {
        if (rowCount > _rows.Length)
            Array.Resize(ref _rows, (int)Math.Min(Array.MaxLength, Math.Max(rowCount, Math.Max(16L, _rows.Length * 2L))));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void GrowAndSet(int row, T value)
    {
        Reserve(checked(row + 1));
        _rows[row] = value;
    }
}
