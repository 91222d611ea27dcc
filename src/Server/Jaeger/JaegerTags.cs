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
        writer.WriteString("key", batch.Strings[key]);
        if (addressesAsText && value.Kind == ValueKind.Int && IsAddress(key) && value.Bits is >= 0 and <= uint.MaxValue)
            WriteAddress((uint)value.Bits);
        else
            WriteValue(value);
        writer.WriteEndObject();
    }

    /// <summary>Nothing for an empty text.</summary>
    public void WriteText(string key, int code)
    {
        if (code == 0)
            return;
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WriteString("type", "string");
        writer.WriteString("value", batch.Strings[code]);
        writer.WriteEndObject();
    }

    public void WriteText(string key, string value)
    {
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WriteString("type", "string");
        writer.WriteString("value", value);
        writer.WriteEndObject();
    }

    public void WriteBool(string key, bool value)
    {
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WriteString("type", "bool");
        writer.WriteBoolean("value", value);
        writer.WriteEndObject();
    }

    void WriteValue(AnyValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Bool:
                writer.WriteString("type", "bool");
                writer.WriteBoolean("value", value.IsTrue);
                break;
            case ValueKind.Int:
                writer.WriteString("type", "int64");
                if (value.Bits is >= -SafeIntegerMax and <= SafeIntegerMax)
                    writer.WriteNumber("value", value.Bits);
                else
                    writer.WriteString("value", ValueText.Format(batch, value));
                break;
            case ValueKind.Double:
                writer.WriteString("type", "float64");
                if (double.IsFinite(value.Number))
                    writer.WriteNumber("value", value.Number);
                else
                    writer.WriteString("value", ValueText.FormatDouble(value.Number));
                break;
            case ValueKind.Bytes:
                writer.WriteString("type", "binary");
                writer.WriteBase64String("value", batch.Strings[value.Code]);
                break;
            case ValueKind.String:
                writer.WriteString("type", "string");
                writer.WriteString("value", batch.Strings[value.Code]);
                break;
            default:
                writer.WriteString("type", "string");
                writer.WriteString("value", ValueText.Format(batch, value));
                break;
        }
    }

    // Old Jaeger clients sent IPv4 addresses as numbers under these keys.
    bool IsAddress(int key) => batch.Strings[key] is var name && (name.SequenceEqual("ip"u8) || name.SequenceEqual("peer.ipv4"u8));

    void WriteAddress(uint address)
    {
        writer.WriteString("type", "string");
        writer.WriteString("value", new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]).ToString());
    }
}
