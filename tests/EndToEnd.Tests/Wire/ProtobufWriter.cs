using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Clew.EndToEnd.Tests.Wire;

/// <summary>Writes protobuf fields, proto3 style: a scalar that has its default value is left out.</summary>
internal sealed class ProtobufWriter
{
    readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public ProtobufWriter Varint(int field, ulong value)
    {
        if (value != 0)
            PresentVarint(field, value);
        return this;
    }

    public ProtobufWriter PresentVarint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
        return this;
    }

    public ProtobufWriter Fixed64(int field, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Raw(((ulong)field << 3) | 1);
        _bytes.Write(bytes);
        return this;
    }

    public ProtobufWriter Fixed32(int field, uint value)
    {
        if (value == 0)
            return this;
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Raw(((ulong)field << 3) | 5);
        _bytes.Write(bytes);
        return this;
    }

    public ProtobufWriter Text(int field, string value) => value.Length == 0 ? this : Present(field, Encoding.UTF8.GetBytes(value));

    /// <summary>An id in hexadecimal; left out when it is "".</summary>
    public ProtobufWriter Id(int field, string hex) => hex.Length == 0 ? this : Present(field, Convert.FromHexString(hex));

    /// <summary>A length-delimited field, present even when it is empty.</summary>
    public ProtobufWriter Present(int field, ReadOnlySpan<byte> payload)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)payload.Length);
        _bytes.Write(payload);
        return this;
    }

    public ProtobufWriter Message(int field, ProtobufWriter message) => Present(field, message._bytes.WrittenSpan);

    void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
