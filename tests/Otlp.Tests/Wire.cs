using System.Buffers.Binary;
using System.Text;

namespace Clew.Otlp.Tests;

/// <summary>Protobuf by hand: fields as byte arrays, to be put together in any order, any number of times.</summary>
static class Wire
{
    public static byte[] Varint(int number, ulong value) => [.. Number(((ulong)number << 3) | 0), .. Number(value)];

    public static byte[] Fixed64(int number, ulong value)
    {
        var wire = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(wire, value);
        return [.. Number(((ulong)number << 3) | 1), .. wire];
    }

    public static byte[] Fixed32(int number, uint value)
    {
        var wire = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(wire, value);
        return [.. Number(((ulong)number << 3) | 5), .. wire];
    }

    public static byte[] Bytes(int number, params IEnumerable<byte[]> fields)
    {
        var content = Join(fields);
        return [.. Number(((ulong)number << 3) | 2), .. Number((ulong)content.Length), .. content];
    }

    public static byte[] Text(int number, string text) => Bytes(number, [Encoding.UTF8.GetBytes(text)]);

    public static byte[] Group(int number, params IEnumerable<byte[]> fields) =>
        [.. Number(((ulong)number << 3) | 3), .. Join(fields), .. Number(((ulong)number << 3) | 4)];

    public static byte[] Join(IEnumerable<byte[]> fields) => [.. fields.SelectMany(field => field)];

    /// <summary>A varint; a negative number takes ten bytes.</summary>
    public static byte[] Number(ulong value)
    {
        var wire = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            wire.Add((byte)(value | 0x80));
        wire.Add((byte)value);
        return [.. wire];
    }

    public static readonly byte[] TraceIdBytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
    public static readonly byte[] SpanIdBytes = [0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8];

    /// <summary>A span with an identity and whatever else is given.</summary>
    public static byte[] Span(params IEnumerable<byte[]> fields) => Bytes(2, [Bytes(1, [TraceIdBytes]), Bytes(2, [SpanIdBytes]), .. fields]);

    /// <summary>A request of one resource and one scope, with these fields in its <c>ScopeSpans</c>.</summary>
    public static byte[] Request(params IEnumerable<byte[]> scopeSpansFields) => Bytes(1, [Bytes(2, scopeSpansFields)]);

    public static byte[] Attribute(int number, string key, params IEnumerable<byte[]> valueFields) => Bytes(number, [Text(1, key), Bytes(2, valueFields)]);
}
