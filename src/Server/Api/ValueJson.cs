using System.Globalization;
using System.Text.Json;
using Clew.TraceQL;
using ValueType = Clew.TraceQL.ValueType;

namespace Clew.Server.Api;

/// <summary>Values of queries: <c>{"name":"…","type":"int","value":200}</c>.</summary>
/// <remarks>Text, truth and numbers are JSON's own; durations, status and kind are as TraceQL writes them (<c>"1.5s"</c>, <c>"error"</c>); so are numbers that JSON has not (<c>"NaN"</c>).</remarks>
internal static class ValueJson
{
    public static void WriteList(Utf8JsonWriter writer, string property, IEnumerable<(string Name, Value Value)> values)
    {
        writer.WriteStartArray(property);
        foreach (var (name, value) in values)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            WriteTyped(writer, value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The properties <c>type</c> and <c>value</c>.</summary>
    public static void WriteTyped(Utf8JsonWriter writer, Value value)
    {
        writer.WriteString("type", NameOf(value.Type));
        writer.WritePropertyName("value");
        Write(writer, value);
    }

    /// <summary>A number, or null for one that JSON has not.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteNullValue();
    }

    static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value.Type)
        {
            case ValueType.Nil:
                writer.WriteNullValue();
                break;
            case ValueType.Int:
                writer.WriteNumberValue(value.Int);
                break;
            case ValueType.Float when double.IsFinite(value.Number):
                writer.WriteNumberValue(value.Number);
                break;
            case ValueType.Float:
                writer.WriteStringValue(value.Number.ToString(CultureInfo.InvariantCulture));
                break;
            case ValueType.Bool:
                writer.WriteBooleanValue(value.IsTrue);
                break;
            case ValueType.Text:
                writer.WriteStringValue(value.Text);
                break;
            case ValueType.Array:
                writer.WriteStartArray();
                foreach (var element in value.Elements)
                    Write(writer, element);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }

    static string NameOf(ValueType type) => type switch
    {
        ValueType.Int => "int",
        ValueType.Float => "float",
        ValueType.Duration => "duration",
        ValueType.Text => "string",
        ValueType.Bool => "bool",
        ValueType.Status => "status",
        ValueType.Kind => "kind",
        ValueType.Array => "array",
        _ => "nil",
    };
}
