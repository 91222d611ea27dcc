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

    /// <summary>Reads the parts of a status that tell a client what to do.</summary>
    /// <param name="retryAfter">Of the <c>google.rpc.RetryInfo</c> among the details; null when there is none.</param>
    /// <returns>False when the bytes are not a protobuf message; the results hold what came before the mistake.</returns>
    public static bool TryReadProtobuf(ReadOnlySpan<byte> status, out string message, out TimeSpan? retryAfter)
    {
        (message, retryAfter) = ("", null);
        var reader = new ProtoReader(status);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case Message: message = Encoding.UTF8.GetString(reader.Bytes()); break;
                case Details: retryAfter = ReadRetryInfo(reader.Message()) ?? retryAfter; break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        return reader.IsSound;
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

    // Any { type_url = 1, value = 2 } of RetryInfo { retry_delay = 1 }; null when it is of another type.
    static TimeSpan? ReadRetryInfo(ProtoReader any)
    {
        var isRetryInfo = false;
        ProtoReader value = default;
        while (any.Next())
        {
            switch (any.Tag)
            {
                case AnyTypeUrl: isRetryInfo = any.Bytes().SequenceEqual("type.googleapis.com/google.rpc.RetryInfo"u8); break;
                case AnyValue: value = any.Message(); break;
                default: any.Skip(OtlpLimits.NestingBound); break;
            }
        }

        if (!isRetryInfo)
            return null;
        var delay = TimeSpan.Zero;
        while (value.Next())
        {
            if (value.Tag == RetryDelay)
                delay = ReadDuration(value.Message());
            else
                value.Skip(OtlpLimits.NestingBound);
        }

        return delay;
    }

    // A sender that asks for more than a year, or for less than nothing, is not taken at its word.
    static TimeSpan ReadDuration(ProtoReader duration)
    {
        var (seconds, nanos) = (0L, 0L);
        while (duration.Next())
        {
            switch (duration.Tag)
            {
                case DurationSeconds: seconds = (long)duration.Varint(); break;
                case DurationNanos: nanos = (long)duration.Varint(); break;
                default: duration.Skip(OtlpLimits.NestingBound); break;
            }
        }

        const long yearSeconds = 366 * 86_400L;
        return new TimeSpan((Math.Clamp(seconds, 0, yearSeconds) * TimeSpan.TicksPerSecond) + (Math.Clamp(nanos, 0, 999_999_999) / TimeSpan.NanosecondsPerTick));
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
