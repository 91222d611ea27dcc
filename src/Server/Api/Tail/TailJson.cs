using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Api.Tail;

/// <summary>A span in one line: ids, names, times, and attributes with long texts cut.</summary>
internal static class TailJson
{
    const int AttributesMax = 64, TextLengthMax = 256;

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(SpanBatch batch, int row)
    {
        var spans = batch.Spans;
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString("traceId", spans.TraceIds[row].ToString());
        writer.WriteString("spanId", spans.SpanIds[row].ToString());
        writer.WriteString("parentSpanId", spans.ParentSpanIds[row].IsAbsent ? "" : spans.ParentSpanIds[row].ToString());
        writer.WriteString("service", Shortened(ServiceName.Of(batch, batch.ResourceOf(row))));
        writer.WriteString("name", Shortened(batch.Strings.GetString(spans.Names[row])));
        writer.WriteString("kind", TagCondition.NameOf(spans.Kinds[row]));
        writer.WriteString("status", spans.Statuses[row] switch { StatusCode.Error => "error", StatusCode.Ok => "ok", _ => "unset" });
        writer.WriteString("startTimeUnixNano", spans.Starts[row].ToString());
        writer.WriteString("durationNanos", $"{spans.DurationNanos(row)}");
        WriteAttributes(writer, batch, spans.Attributes[row]);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    static void WriteAttributes(Utf8JsonWriter writer, SpanBatch batch, RowRange rows)
    {
        writer.WriteStartObject("attributes");
        var columns = batch.Spans.Attributes;
        var known = new HashSet<int>();
        for (var at = rows.Start; at < Math.Min(rows.End, rows.Start + AttributesMax); at++)
        {
            // Of a key that a sender gave twice, the first.
            if (!known.Add(columns.Keys[at]))
                continue;
            writer.WritePropertyName(Shortened(batch.Strings.GetString(columns.Keys[at])));
            Write(writer, batch, columns.Values[at]);
        }

        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, SpanBatch batch, AnyValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Bool:
                writer.WriteBooleanValue(value.IsTrue);
                break;
            case ValueKind.Int:
                writer.WriteNumberValue(value.Bits);
                break;
            case ValueKind.Double when double.IsFinite(value.Number):
                writer.WriteNumberValue(value.Number);
                break;
            default:
                writer.WriteStringValue(Shortened(ValueText.Format(batch, value)));
                break;
        }
    }

    static string Shortened(string text) => text.Length <= TextLengthMax ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[TextLengthMax - 1]) ? TextLengthMax - 1 : TextLengthMax), "…");
}
