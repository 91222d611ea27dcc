using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Clew.Model;

/// <summary>A trace's identity: 16 bytes, ordered as on the wire. All zeros means absent.</summary>
public readonly record struct TraceId(ulong High, ulong Low) : IComparable<TraceId>
{
    /// <summary>The length of the binary form.</summary>
    public const int Bytes = 16;

    /// <summary>All zeros: not a valid identity anywhere in OTLP or W3C Trace Context.</summary>
    public bool IsAbsent => (High | Low) == 0;

    /// <summary>Reads the first 16 bytes, big-endian.</summary>
    public static TraceId Read(ReadOnlySpan<byte> wire) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(wire), BinaryPrimitives.ReadUInt64BigEndian(wire[8..]));

    /// <summary>Writes 16 bytes, big-endian.</summary>
    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt64BigEndian(wire, High);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], Low);
    }

    /// <summary>Parses 1 to 32 hexadecimal digits of either case; a shorter text is padded with zeros on the left, as Jaeger does.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TraceId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text.Length > 32)
            return false;
        var highDigits = Math.Max(0, text.Length - 16);
        var high = 0UL;
        if (highDigits > 0 && !Hex.TryParse(text.AsSpan(0, highDigits), out high))
            return false;
        if (!Hex.TryParse(text.AsSpan(highDigits), out var low))
            return false;
        id = new TraceId(high, low);
        return true;
    }

    public int CompareTo(TraceId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public static bool operator <(TraceId left, TraceId right) => left.CompareTo(right) < 0;
    public static bool operator >(TraceId left, TraceId right) => left.CompareTo(right) > 0;
    public static bool operator <=(TraceId left, TraceId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(TraceId left, TraceId right) => left.CompareTo(right) >= 0;

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);
}
