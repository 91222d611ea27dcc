using System.Buffers;

namespace Clew.Otlp;

/// <summary>Bytes that grow in an array of the shared pool. One owner; disposing gives the array back.</summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    const int GrowthBytesMin = 4096;

    byte[] _array = [];

    /// <summary>Bytes written.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held, used or not.</summary>
    public int CapacityBytes => _array.Length;

    /// <summary>Valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, Count);

    /// <summary>Valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, Count);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Count), nameof(count));
        Count += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(sizeHint);
        return _array.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureFree(sizeHint);
        return _array.AsSpan(Count);
    }

    public void Write(ReadOnlySpan<byte> content)
    {
        EnsureFree(content.Length);
        content.CopyTo(_array.AsSpan(Count));
        Count += content.Length;
    }

    /// <summary>Forgets the content; the array stays.</summary>
    public void Clear() => Count = 0;

    /// <summary>Forgets the bytes from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        Count = count;
    }

    /// <summary>Gives the array back; the buffer is empty and can be used again.</summary>
    public void Dispose()
    {
        var array = _array;
        _array = [];
        Count = 0;
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
    }

    void EnsureFree(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (_array.Length - Count >= Math.Max(1, sizeHint))
            return;
        var needed = checked(Count + Math.Max(1, sizeHint));
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(GrowthBytesMin, _array.Length * 2L))));
        _array.AsSpan(0, Count).CopyTo(grown);
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
        _array = grown;
    }
}
