using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Clew.Model;

/// <summary>The arrays of released columns, kept for the next ones of their kind.</summary>
/// <remarks>
/// Sizes are four to an octave, so that at most a fifth of an array is unused. What no one asked for between two calls of <see cref="ColumnMemory.Trim"/> is given up then.
/// </remarks>
internal static class ColumnArrays<T>
    where T : unmanaged
{
    const int SizesPerOctave = 4, RowsMin = 16;

    static readonly Shelf[] Shelves = CreateShelves();

    static T[] _defaults = [];

    /// <summary>An array of at least that many rows, of undefined content.</summary>
    public static T[] Rent(int rowCount)
    {
        var (shelf, length) = Place(rowCount);
        return Shelves[shelf].TryTake() ?? GC.AllocateUninitializedArray<T>(length);
    }

    public static void Return(T[] rows)
    {
        if (rows.Length == 0)
            return;
        var (shelf, length) = Place(rows.Length);
        Debug.Assert(length == rows.Length, "Only what was rented comes back.");
        Shelves[shelf].Put(rows);
    }

    /// <summary>What <see cref="Rent"/> gives for so many rows.</summary>
    public static int LengthFor(int rowCount) => Place(rowCount).Length;

    /// <summary>So many rows of zeros, which all columns without another value share.</summary>
    public static ReadOnlySpan<T> Defaults(int rowCount)
    {
        var rows = Volatile.Read(ref _defaults);
        if (rows.Length < rowCount)
            Volatile.Write(ref _defaults, rows = new T[(int)Math.Min(Array.MaxLength, BitOperations.RoundUpToPowerOf2((uint)rowCount))]);
        return rows.AsSpan(0, rowCount);
    }

    static (int Shelf, int Length) Place(int rowCount)
    {
        var last = (uint)Math.Max(rowCount, RowsMin) - 1;
        var shift = BitOperations.Log2(last) - 2;
        var steps = (last >> shift) + 1;
        return (shift * SizesPerOctave + (int)steps - SizesPerOctave - 1, (int)Math.Min(Array.MaxLength, (long)steps << shift));
    }

    static Shelf[] CreateShelves()
    {
        var shelves = new Shelf[Place(Array.MaxLength).Shelf + 1];
        for (var at = 0; at < shelves.Length; at++)
            shelves[at] = new Shelf();
        ColumnMemory.Register(() => Array.ForEach(shelves, shelf => shelf.Trim()), () => shelves.Sum(shelf => shelf.Bytes));
        return shelves;
    }

    /// <summary>The arrays of one size.</summary>
    sealed class Shelf
    {
        readonly Lock _lock = new();
        readonly Stack<T[]> _arrays = new();
        int _leastCount;

        public long Bytes
        {
            get
            {
                lock (_lock)
                    return _arrays.Sum(rows => (long)rows.Length * Unsafe.SizeOf<T>());
            }
        }

        public T[]? TryTake()
        {
            lock (_lock)
            {
                if (!_arrays.TryPop(out var rows))
                    return null;
                _leastCount = Math.Min(_leastCount, _arrays.Count);
                return rows;
            }
        }

        public void Put(T[] rows)
        {
            lock (_lock)
                _arrays.Push(rows);
        }

        // As many as were there all the time were not needed.
        public void Trim()
        {
            lock (_lock)
            {
                for (; _leastCount > 0; _leastCount--)
                    _arrays.Pop();
                _leastCount = _arrays.Count;
                if (_arrays.Count == 0)
                    _arrays.TrimExcess();
            }
        }
    }
}
