using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Clew.Otlp.Protobuf;

namespace Clew.Otlp;

/// <summary><c>google.rpc.Status</c>: the body of OTLP/HTTP errors, and of the trailer <c>grpc-status-details-bin</c>.</summary>
public static class RpcStatus
{
    const uint Code = (1 << 3) | (uint)WireType.Varint;
    const uint Message = (2 << 3) | (uint)WireType.Bytes;
    const uint Details = (3 << 3) | (uint)WireType.Bytes;
    const uint AnyTypeUrl = (1 << 3) | (uint)WireType.Bytes;
    const uint AnyValue = (2 << 3) | (uint)WireType.Bytes;
    const uint RetryDelay = (1 << 3) | (uint)WireType.Bytes;
    const uint DurationSeconds = (1 << 3) | (uint)WireType.Varint;
    const uint DurationNanos = (2 << 3) | (uint)WireType.Varint;
    const string RetryInfoType = "type.googleapis.com/google.rpc.RetryInfo";

    /// <param name="retryAfter">When given, a <c>google.rpc.RetryInfo</c> detail asks the client to come back after it. Not negative.</param>
    public static void WriteProtobuf(GrpcStatus code, string message, TimeSpan? retryAfter, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(message);
        var text = Encoding.UTF8.GetBytes(message);
        var writer = new ProtoWriter(text.Length + 256);
        if (retryAfter is { } delay)
        {
            writer.VarintUnlessZero(DurationNanos, (ulong)NanosOf(delay));
            writer.VarintUnlessZero(DurationSeconds, (ulong)SecondsOf(delay));
            writer.EndMessage(RetryDelay, 0);
            writer.EndMessage(AnyValue, 0);
            writer.Bytes(AnyTypeUrl, Encoding.UTF8.GetBytes(RetryInfoType));
            writer.EndMessage(Details, 0);
        }

        writer.BytesUnlessEmpty(Message, text);
        writer.VarintUnlessZero(Code, (ulong)code);
        target.Write(writer.Written);
        writer.Dispose();
    }

    /// <inheritdoc cref="WriteProtobuf"/>
    public static void WriteJson(GrpcStatus code, string message, TimeSpan? retryAfter, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var writer = new Utf8JsonWriter(target);
        writer.WriteStartObject();
        if (code != GrpcStatus.Ok)
            writer.WriteNumber("code"u8, (int)code);
        writer.WriteString("message"u8, message);
        if (retryAfter is { } delay)
        {
            writer.WriteStartArray("details"u8);
            writer.WriteStartObject();
            writer.WriteString("@type"u8, RetryInfoType);
            writer.WriteString("retryDelay"u8, DurationText(delay));
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    static long SecondsOf(TimeSpan delay) => delay.Ticks / TimeSpan.TicksPerSecond;

    static long NanosOf(TimeSpan delay) => delay.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;

    // The JSON form of google.protobuf.Duration: seconds with 0, 3, 6 or 9 decimals.
    static string DurationText(TimeSpan delay)
    {
        var nanos = NanosOf(delay);
        var decimals = nanos == 0 ? "" : nanos % 1_000_000 == 0 ? $".{nanos / 1_000_000:D3}" : nanos % 1_000 == 0 ? $".{nanos / 1_000:D6}" : $".{nanos:D9}";
        return string.Create(CultureInfo.InvariantCulture, $"{SecondsOf(delay)}{decimals}s");
    }
}
