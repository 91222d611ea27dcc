using System.Buffers;
using System.Buffers.Binary;

namespace Clew.Storage.Columns;

/// <summary>Bytes under construction in a rented array that grows. Its owner disposes it.</summary>
internal sealed class ByteWriter(int capacity = 4_096) : IDisposable
{
    byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Count);

    public Span<byte> Written => _bytes.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Forgets the bytes from <paramref name="count"/> on.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>Appends <paramref name="count"/> bytes for the caller to fill.</summary>
    public Span<byte> Append(int count) => AppendWithSlack(count, 0)[..count];

    /// <summary>As <see cref="Append"/>, followed by <paramref name="slack"/> bytes that may be overwritten with anything and do not count.</summary>
    public Span<byte> AppendWithSlack(int count, int slack)
    {
        Reserve(checked(Count + count + slack));
        var appended = _bytes.AsSpan(Count, count + slack);
        Count += count;
        return appended;
    }

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    public void WriteByte(byte value) => Append(1)[0] = value;

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Append(4), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Append(8), value);

    /// <summary>Writes a base-128 number, seven bits a byte, the lowest first.</summary>
    public void WriteVarint(ulong value)
    {
        Reserve(Count + 10);
        while (value >= 0x80)
        {
            _bytes[Count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Count++] = (byte)value;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Count = 0;
    }

    void Reserve(int capacity)
    {
        if (capacity <= _bytes.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(capacity, _bytes.Length * 2L)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
