using System.Net;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Jaeger;

/// <summary>Writes attributes as Jaeger's key-values: <c>{"key","type":"string|bool|int64|float64|binary","value"}</c>.</summary>
internal sealed class JaegerTags(SpanBatch batch, Utf8JsonWriter writer)
{
    // What a JavaScript number holds exactly; beyond it the value travels as text.
    const long SafeIntegerMax = (1L << 53) - 1;

    /// <param name="addressesAsText">Whether numbers that are known to be IPv4 addresses are written as such, which Jaeger does to traces it adjusts.</param>
    public void Write(AttributeColumns columns, int row, bool addressesAsText)
    {
        var key = columns.Keys[row];
        var value = columns.Values[row];
        writer.WriteStartObject();
        writer.WriteString(JaegerNames.Key, batch.Strings[key]);
        if (addressesAsText && value.Kind == ValueKind.Int && IsAddress(key) && value.Bits is >= 0 and <= uint.MaxValue)
            WriteAddress((uint)value.Bits);
        else
            WriteValue(value);
        writer.WriteEndObject();
    }

    /// <summary>Nothing for an empty text.</summary>
    public void WriteText(JsonEncodedText key, int code)
    {
        if (code == 0)
            return;
        writer.WriteStartObject();
        writer.WriteString(JaegerNames.Key, key);
        writer.WriteString(JaegerNames.Type, JaegerNames.String);
        writer.WriteString(JaegerNames.Value, batch.Strings[code]);
        writer.WriteEndObject();
    }

    public void WriteText(JsonEncodedText key, string value)
    {
        writer.WriteStartObject();
        writer.WriteString(JaegerNames.Key, key);
        writer.WriteString(JaegerNames.Type, JaegerNames.String);
        writer.WriteString(JaegerNames.Value, value);
        writer.WriteEndObject();
    }

    public void WriteBool(JsonEncodedText key, bool value)
    {
        writer.WriteStartObject();
        writer.WriteString(JaegerNames.Key, key);
        writer.WriteString(JaegerNames.Type, JaegerNames.Bool);
        writer.WriteBoolean(JaegerNames.Value, value);
        writer.WriteEndObject();
    }

    void WriteValue(AnyValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Bool:
                writer.WriteString(JaegerNames.Type, JaegerNames.Bool);
                writer.WriteBoolean(JaegerNames.Value, value.IsTrue);
                break;
            case ValueKind.Int:
                writer.WriteString(JaegerNames.Type, JaegerNames.Int64);
                if (value.Bits is >= -SafeIntegerMax and <= SafeIntegerMax)
                    writer.WriteNumber(JaegerNames.Value, value.Bits);
                else
                    writer.WriteString(JaegerNames.Value, ValueText.Format(batch, value));
                break;
            case ValueKind.Double:
                writer.WriteString(JaegerNames.Type, JaegerNames.Float64);
                if (double.IsFinite(value.Number))
                    writer.WriteNumber(JaegerNames.Value, value.Number);
                else
                    writer.WriteString(JaegerNames.Value, ValueText.FormatDouble(value.Number));
                break;
            case ValueKind.Bytes:
                writer.WriteString(JaegerNames.Type, JaegerNames.Binary);
                writer.WriteBase64String(JaegerNames.Value, batch.Strings[value.Code]);
                break;
            case ValueKind.String:
                writer.WriteString(JaegerNames.Type, JaegerNames.String);
                writer.WriteString(JaegerNames.Value, batch.Strings[value.Code]);
                break;
            default:
                writer.WriteString(JaegerNames.Type, JaegerNames.String);
                writer.WriteString(JaegerNames.Value, ValueText.Format(batch, value));
                break;
        }
    }

    // Old Jaeger clients sent IPv4 addresses as numbers under these keys.
    bool IsAddress(int key) => batch.Strings[key] is var name && (name.SequenceEqual("ip"u8) || name.SequenceEqual("peer.ipv4"u8));

    void WriteAddress(uint address)
    {
        writer.WriteString(JaegerNames.Type, JaegerNames.String);
        writer.WriteString(JaegerNames.Value, new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]).ToString());
    }
}
