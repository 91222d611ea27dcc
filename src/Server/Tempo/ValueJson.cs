using System.Globalization;
using System.Text.Json;
using Clew.TraceQL;
using ValueType = Clew.TraceQL.ValueType;

namespace Clew.Server.Tempo;

/// <summary>Writes values of TraceQL as OTLP's <c>AnyValue</c>.</summary>
internal static class ValueJson
{
    /// <summary><c>{"key":…,"value":{"stringValue":…}}</c></summary>
    public static void WriteKeyValue(Utf8JsonWriter writer, string key, Value value)
    {
        writer.WriteStartObject();
        writer.WriteString("key", key);
        writer.WritePropertyName("value");
        Write(writer, value);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Value value)
    {
        writer.WriteStartObject();
        switch (value.Type)
        {
            case ValueType.Int: writer.WriteString("intValue", value.Int.ToString(CultureInfo.InvariantCulture)); break;
            case ValueType.Float: WriteNumber(writer, "doubleValue", value.Number); break;
            case ValueType.Bool: writer.WriteBoolean("boolValue", value.IsTrue); break;
            case ValueType.Array: WriteArray(writer, value); break;
            default: writer.WriteString("stringValue", TagValueText.Of(value)); break;
        }

        writer.WriteEndObject();
    }

    /// <summary>What has no digits is text.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, string name, double number)
    {
        if (double.IsFinite(number))
            writer.WriteNumber(name, number);
        else
            writer.WriteString(name, Model.ValueText.FormatDouble(number));
    }

    static void WriteArray(Utf8JsonWriter writer, Value value)
    {
        writer.WriteStartObject("arrayValue");
        writer.WriteStartArray("values");
        foreach (var element in value.Elements)
            Write(writer, element);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
