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

    /// <summary>Reads what <see cref="WriteProtobuf"/> writes, and passes over what it does not know.</summary>
    /// <returns>False when the bytes are not a protobuf message; the results hold what came before the mistake.</returns>
    public static bool TryReadProtobuf(ReadOnlySpan<byte> response, out long rejectedSpanCount, out string message)
    {
        (rejectedSpanCount, message) = (0, "");
        var reader = new ProtoReader(response);
        while (reader.Next())
        {
            if (reader.Tag != PartialSuccess)
                reader.Skip(OtlpLimits.NestingBound);
            else if (!TryReadPartialSuccess(reader.Message(), ref rejectedSpanCount, ref message))
                return false;
        }

        return reader.IsSound;
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

    static bool TryReadPartialSuccess(ProtoReader reader, ref long rejectedSpanCount, ref string message)
    {
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case RejectedSpans: rejectedSpanCount = (long)reader.Varint(); break;
                case ErrorMessage: message = Encoding.UTF8.GetString(reader.Bytes()); break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        return reader.IsSound;
    }
}
