using System.Buffers;

namespace Clew.Storage.Columns;

/// <summary>Room for decoded numbers that is given back.</summary>
internal readonly ref struct Rented<T>(T[] array, int count) : IDisposable
{
    public Span<T> Span => array.AsSpan(0, count);

    public static Rented<T> Of(int count) => new(ArrayPool<T>.Shared.Rent(count), count);

    public void Dispose() => ArrayPool<T>.Shared.Return(array);
}
