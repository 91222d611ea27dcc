using System.Buffers;
using System.Text;
using System.Text.Json;
using Clew.Otlp.Protobuf;

namespace Clew.Otlp;

/// <summary>The <c>ExportTraceServiceResponse</c>: nothing at all for full success, else what was rejected and why.</summary>
/// <remarks>No rejected spans with a message is a warning; OTLP allows it.</remarks>
public static class ExportResponse
{
    const uint PartialSuccess = (1 << 3) | (uint)WireType.Bytes;
    const uint RejectedSpans = (1 << 3) | (uint)WireType.Varint;
    const uint ErrorMessage = (2 << 3) | (uint)WireType.Bytes;

    /// <summary>Writes zero bytes when no span was rejected and there is no message.</summary>
    public static void WriteProtobuf(long rejectedSpanCount, string message, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (rejectedSpanCount == 0 && message.Length == 0)
            return;
        var text = Encoding.UTF8.GetBytes(message);
        var writer = new ProtoWriter(text.Length + 64);
        writer.BytesUnlessEmpty(ErrorMessage, text);
        writer.VarintUnlessZero(RejectedSpans, (ulong)rejectedSpanCount);
        writer.EndMessage(PartialSuccess, 0);
        target.Write(writer.Written);
        writer.Dispose();
    }

    /// <summary>Writes <c>{}</c> when no span was rejected and there is no message.</summary>
    public static void WriteJson(long rejectedSpanCount, string message, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var writer = new Utf8JsonWriter(target);
        writer.WriteStartObject();
        if (rejectedSpanCount != 0 || message.Length > 0)
        {
            writer.WriteStartObject("partialSuccess"u8);
            if (rejectedSpanCount != 0)
                writer.WriteString("rejectedSpans"u8, $"{rejectedSpanCount}");
            if (message.Length > 0)
                writer.WriteString("errorMessage"u8, message);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
