using System.Buffers.Binary;
using System.Text;

namespace Clew.Server.Tests;

/// <summary>Export requests and answers, put together and taken apart by hand: nothing here knows the code under test.</summary>
internal static class Otlp
{
    public const string ExportMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    /// <summary>A length-delimited field.</summary>
    public static byte[] Field(int number, params byte[][] parts)
    {
        var content = parts.SelectMany(part => part).ToArray();
        return [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)content.Length), .. content];
    }

    public static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    public static byte[] Number(int number, ulong value) => [.. Varint((ulong)number << 3), .. Varint(value)];

    public static byte[] Fixed64(int number, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return [.. Varint(((ulong)number << 3) | 1), .. bytes];
    }

    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 128; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Attribute(int number, string key, string value) => Field(number, Text(1, key), Field(2, Text(1, value)));

    /// <summary>A span of trace 1: ids as in hexadecimal text.</summary>
    public static byte[] Span(string spanId, string name = "op", string parentId = "", string traceId = "00000000000000000000000000000001", params byte[][] more) => Field(
        2,
        [
            Field(1, Convert.FromHexString(traceId)), Field(2, Convert.FromHexString(spanId)), Field(4, Convert.FromHexString(parentId)), Text(5, name),
            Fixed64(7, 1_700_000_000_000_000_000), Fixed64(8, 1_700_000_000_005_000_000), .. more,
        ]);

    public static byte[] Request(string service, params byte[][] spans) => Field(1, Field(1, Attribute(1, "service.name", service)), Field(2, spans));

    public static byte[] OneSpan { get; } = Request("shop", Span("00000000000000aa"));

    public const string OneSpanJson =
        """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
        {"traceId":"00000000000000000000000000000001","spanId":"00000000000000aa","name":"op","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000005000000"}]}]}]}
        """;

    /// <summary>The fields of a protobuf message, by number; a field that comes twice keeps its last value.</summary>
    public static Dictionary<int, object> Parse(ReadOnlySpan<byte> message)
    {
        var fields = new Dictionary<int, object>();
        while (!message.IsEmpty)
        {
            var tag = ReadVarint(ref message);
            switch (tag & 7)
            {
                case 0:
                    fields[(int)(tag >> 3)] = ReadVarint(ref message);
                    break;
                case 2:
                    var length = (int)ReadVarint(ref message);
                    fields[(int)(tag >> 3)] = message[..length].ToArray();
                    message = message[length..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} does not occur in an answer.");
            }
        }

        return fields;
    }

    public static string TextOf(object field) => Encoding.UTF8.GetString((byte[])field);

    static ulong ReadVarint(ref ReadOnlySpan<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[0];
            message = message[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 128)
                return value;
        }
    }
}
