using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Clew.Model;

/// <summary>Attribute values as the text that people, and the Jaeger API, compare them by.</summary>
public static class ValueText
{
    static readonly JsonWriterOptions NestedJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1_000 };

    /// <summary>
    /// Strings as they are; <c>true</c> and <c>false</c>; numbers in their shortest exact decimal form; bytes as base64; arrays and maps as JSON; an
    /// empty value as the empty text.
    /// </summary>
    public static string Format(SpanBatch batch, AnyValue value) => value.Kind switch
    {
        ValueKind.String => batch.Strings.GetString(value.Code),
        ValueKind.Bool => value.IsTrue ? "true" : "false",
        ValueKind.Int => value.Bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.Double => FormatDouble(value.Number),
        ValueKind.Bytes => Convert.ToBase64String(batch.Strings[value.Code]),
        ValueKind.Array or ValueKind.Map => FormatJson(batch, value),
        _ => "",
    };

    /// <summary>The shortest text that reads back as the same number; NaN, Infinity and -Infinity for what has no digits.</summary>
    public static string FormatDouble(double number) => number switch
    {
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        _ => number.ToString("R", CultureInfo.InvariantCulture),
    };

    static string FormatJson(SpanBatch batch, AnyValue value)
    {
        var target = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(target, NestedJson))
            WriteJson(writer, batch, value);
        return Encoding.UTF8.GetString(target.WrittenSpan);
    }

    /// <summary>Writes plain JSON: <c>{"key":[1,"two",null]}</c>; bytes as base64 text, numbers that JSON lacks as text.</summary>
    public static void WriteJson(Utf8JsonWriter writer, SpanBatch batch, AnyValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.String: writer.WriteStringValue(batch.Strings.GetString(value.Code)); break;
            case ValueKind.Bool: writer.WriteBooleanValue(value.IsTrue); break;
            case ValueKind.Int: writer.WriteNumberValue(value.Bits); break;
            case ValueKind.Double when double.IsFinite(value.Number): writer.WriteNumberValue(value.Number); break;
            case ValueKind.Double: writer.WriteStringValue(FormatDouble(value.Number)); break;
            case ValueKind.Bytes: writer.WriteBase64StringValue(batch.Strings[value.Code]); break;
            case ValueKind.Array: WriteArray(writer, batch, value); break;
            case ValueKind.Map: WriteMap(writer, batch, value); break;
            default: writer.WriteNullValue(); break;
        }
    }

    static void WriteArray(Utf8JsonWriter writer, SpanBatch batch, AnyValue value)
    {
        writer.WriteStartArray();
        for (var row = value.NestedStart; row < value.NestedStart + value.NestedCount; row++)
            WriteJson(writer, batch, batch.Nested.Values[row]);
        writer.WriteEndArray();
    }

    static void WriteMap(Utf8JsonWriter writer, SpanBatch batch, AnyValue value)
    {
        writer.WriteStartObject();
        for (var row = value.NestedStart; row < value.NestedStart + value.NestedCount; row++)
        {
            writer.WritePropertyName(batch.Strings.GetString(batch.Nested.Keys[row]));
            WriteJson(writer, batch, batch.Nested.Values[row]);
        }

        writer.WriteEndObject();
    }
}
