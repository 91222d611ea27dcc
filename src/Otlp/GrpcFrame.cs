using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Clew.Otlp;

/// <summary>How gRPC lays messages and texts on HTTP/2.</summary>
/// <remarks>
/// Message: <c>| compressed u8 | length u32 big-endian | payload |</c>. Source: PROTOCOL-HTTP2.md of the gRPC project.
/// </remarks>
public static class GrpcFrame
{
    /// <summary>Bytes before the payload of a message.</summary>
    public const int HeaderBytes = 5;

    /// <summary>Reads the header of a message.</summary>
    /// <returns>False when there are fewer than <see cref="HeaderBytes"/> bytes, or the flag is neither 0 nor 1.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> source, out bool compressed, out uint length)
    {
        compressed = false;
        length = 0;
        if (source.Length < HeaderBytes || source[0] > 1)
            return false;
        compressed = source[0] == 1;
        length = BinaryPrimitives.ReadUInt32BigEndian(source[1..]);
        return true;
    }

    /// <summary>Writes the header of an uncompressed message.</summary>
    public static void WriteHeader(Span<byte> target, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        target[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..HeaderBytes], (uint)length);
    }

    /// <summary>The text as the trailer <c>grpc-message</c> carries it: UTF-8 with everything but printable ASCII, and the percent sign, percent-encoded.</summary>
    public static string EncodeMessage(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !message.Contains('%', StringComparison.Ordinal))
            return message;
        var encoded = new StringBuilder(message.Length + 16);
        foreach (var unit in Encoding.UTF8.GetBytes(message))
        {
            if (unit is >= 0x20 and <= 0x7E and not (byte)'%')
                encoded.Append((char)unit);
            else
                encoded.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>Parses the header <c>grpc-timeout</c>: one to eight digits and a unit (H, M, S, m, u or n).</summary>
    /// <param name="timeout">Rounded up to 100 ns; at most <see cref="TimeSpan.MaxValue"/>.</param>
    public static bool TryParseTimeout([NotNullWhen(true)] string? text, out TimeSpan timeout)
    {
        timeout = default;
        if (text is not { Length: >= 2 and <= 9 } || !uint.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        long? ticks = text[^1] switch
        {
            'H' => count * TimeSpan.TicksPerHour,
            'M' => count * TimeSpan.TicksPerMinute,
            'S' => count * TimeSpan.TicksPerSecond,
            'm' => count * TimeSpan.TicksPerMillisecond,
            'u' => count * TimeSpan.TicksPerMicrosecond,
            'n' => (count + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick,
            _ => null,
        };
        timeout = new TimeSpan(ticks ?? 0);
        return ticks is not null;
    }
}
