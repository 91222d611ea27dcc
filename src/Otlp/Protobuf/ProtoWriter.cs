using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Clew.Otlp.Protobuf;

/// <summary>Writes a protobuf message from its last byte to its first, so that a message's length is known when its turn comes: one pass, no sizes in advance.</summary>
/// <remarks>The caller writes fields in descending order, and the elements of a repeated field from the last to the first.</remarks>
internal ref struct ProtoWriter
{
    const int VarintBytesMax = 10;

    byte[] _buffer;

    // Bytes free at the front of the buffer; what is written lies behind them.
    int _free;

    public ProtoWriter(int bytesHint)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(bytesHint);
        _free = _buffer.Length;
    }

    /// <summary>Bytes written so far: taken before a message's fields, it is what <see cref="EndMessage"/> needs.</summary>
    public readonly int Count => _buffer.Length - _free;

    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(_free);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _free = 0;
    }

    /// <summary>Puts length and tag in front of the fields written since <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndMessage(uint tag, int count)
    {
        var length = Count - count;
        Reserve(2 * VarintBytesMax);
        PutVarint((uint)length);
        PutVarint(tag);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Varint(uint tag, ulong value)
    {
        Reserve(2 * VarintBytesMax);
        PutVarint(value);
        PutVarint(tag);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void VarintUnlessZero(uint tag, ulong value)
    {
        if (value != 0)
            Varint(tag, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fixed64(uint tag, ulong value)
    {
        Reserve(sizeof(ulong) + VarintBytesMax);
        _free -= sizeof(ulong);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_free), value);
        PutVarint(tag);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fixed32(uint tag, uint value)
    {
        Reserve(sizeof(uint) + VarintBytesMax);
        _free -= sizeof(uint);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_free), value);
        PutVarint(tag);
    }

    /// <summary>A string, bytes or a message that is encoded already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bytes(uint tag, scoped ReadOnlySpan<byte> content)
    {
        Reserve(content.Length + 2 * VarintBytesMax);
        _free -= content.Length;
        content.CopyTo(_buffer.AsSpan(_free));
        PutVarint((uint)content.Length);
        PutVarint(tag);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BytesUnlessEmpty(uint tag, scoped ReadOnlySpan<byte> content)
    {
        if (!content.IsEmpty)
            Bytes(tag, content);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void PutVarint(ulong value)
    {
        if (value < 0x80)
            _buffer[--_free] = (byte)value;
        else
            PutLongVarint(value);
    }

    void PutLongVarint(ulong value)
    {
        var bytes = (BitOperations.Log2(value) / 7) + 1;
        var target = _buffer.AsSpan(_free -= bytes, bytes);
        for (var at = 0; at < bytes - 1; at++, value >>= 7)
            target[at] = (byte)(value | 0x80);
        target[^1] = (byte)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Reserve(int bytes)
    {
        if (_free < bytes)
            Grow(bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void Grow(int bytes)
    {
        var count = Count;
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(checked(count + bytes), _buffer.Length * 2L)));
        _buffer.AsSpan(_free).CopyTo(grown.AsSpan(grown.Length - count));
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = grown;
        _free = grown.Length - count;
    }
}
