using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clew.Model;

/// <summary>One field of many rows, side by side in memory.</summary>
/// <remarks>
/// <para>Grows by doubling and keeps its memory when cleared, so that a reused batch does not allocate. Rows that all have the default value take no memory: they are a count,
/// and <see cref="Values"/> shows zeros that all such columns share. Most of what OTLP can say about a span is hardly ever said.</para>
/// <para>Not safe for a writer beside readers.</para>
/// </remarks>
/// <param name="isPooled">Its memory comes from released columns, and goes back when this one is released: see <see cref="SpanBatch.Rent"/>.</param>
public sealed class Column<T>(bool isPooled = false)
    where T : unmanaged
{
    // No longer than Count only while all rows have the default value; then empty.
    T[] _rows = [];

    public int Count { get; private set; }

    /// <summary>Bytes of memory held, used or not.</summary>
    public long CapacityBytes => (long)_rows.Length * Unsafe.SizeOf<T>();

    public ReadOnlySpan<T> Values
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _rows.Length >= Count ? new ReadOnlySpan<T>(_rows, 0, Count) : ColumnArrays<T>.Defaults(Count);
    }

    /// <summary>The rows, to be changed in place: redaction and merging do this before a batch is handed on.</summary>
    public Span<T> Writable
    {
        get
        {
            Reserve(Count);
            return new Span<T>(_rows, 0, Count);
        }
    }

    /// <summary>Whether it is known, without looking at them, that all rows have the default value.</summary>
    public bool IsAllDefault => _rows.Length == 0;

    public T this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)row >= (uint)Count)
                ThrowOutOfRange(row);
            var rows = _rows;
            return (uint)row < (uint)rows.Length ? rows[row] : default;
        }
    }

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
        if (count > 0)
            Reserve(checked(start + count));
        Count = start + count;
        return new Span<T>(_rows, Math.Min(start, _rows.Length), count);
    }

    /// <summary>Adds <paramref name="count"/> rows with the default value.</summary>
    public void AddDefaults(int count)
    {
        if (_rows.Length > 0)
            Append(count).Clear();
        else
            Count = checked(Count + count);
    }

    public void AddRange(ReadOnlySpan<T> values)
    {
        if (_rows.Length == 0 && !MemoryMarshal.AsBytes(values).ContainsAnyExcept((byte)0))
            Count = checked(Count + values.Length);
        else
            values.CopyTo(Append(values.Length));
    }

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

    /// <summary>Makes room, so that up to <paramref name="rowCount"/> rows grow no more.</summary>
    public void Reserve(int rowCount)
    {
        if (rowCount > _rows.Length)
            Resize((int)Math.Min(Array.MaxLength, Math.Max(Math.Max(rowCount, Count), Math.Max(16L, _rows.Length * 2L))));
    }

    /// <summary>Gives back the memory beyond what the rows need. Does nothing for a column that is not pooled.</summary>
    internal void Trim()
    {
        if (!isPooled || _rows.Length == 0)
            return;
        if (Count == 0)
            Release();
        else if (ColumnArrays<T>.LengthFor(Count) < _rows.Length)
            Resize(Count);
    }

    /// <summary>Forgets all rows and gives back the memory. Does nothing for a column that is not pooled.</summary>
    internal void Release()
    {
        if (!isPooled)
            return;
        var rows = _rows;
        (_rows, Count) = ([], 0);
        Spoil(rows);
        ColumnArrays<T>.Return(rows);
    }

    // Whoever still looks at it is to notice while the tests are watching.
    [Conditional("DEBUG")]
    static void Spoil(T[] rows) => MemoryMarshal.AsBytes(rows.AsSpan()).Fill(0xDD);

    [MethodImpl(MethodImplOptions.NoInlining)]
    void GrowAndSet(int row, T value)
    {
        if (_rows.Length == 0 && EqualityComparer<T>.Default.Equals(value, default))
            return;
        Reserve(checked(row + 1));
        _rows[row] = value;
    }

    [DoesNotReturn]
    void ThrowOutOfRange(int row) => throw new ArgumentOutOfRangeException(nameof(row), row, $"The column has {Count} rows.");

    void Resize(int length)
    {
        var rows = isPooled ? ColumnArrays<T>.Rent(length) : GC.AllocateUninitializedArray<T>(length);
        Values.CopyTo(rows);
        if (isPooled)
            ColumnArrays<T>.Return(_rows);
        _rows = rows;
    }
}
