using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Clew.Model;

/// <summary>A span's identity within its trace: 8 bytes, ordered as on the wire. Zero means absent (and, for a parent, a root).</summary>
public readonly record struct SpanId(ulong Value) : IComparable<SpanId>
{
    /// <summary>The length of the binary form.</summary>
    public const int Bytes = 8;

    public bool IsAbsent => Value == 0;

    /// <summary>Reads the first 8 bytes, big-endian.</summary>
    public static SpanId Read(ReadOnlySpan<byte> wire) => new(BinaryPrimitives.ReadUInt64BigEndian(wire));

    /// <summary>Writes 8 bytes, big-endian.</summary>
    public void Write(Span<byte> wire) => BinaryPrimitives.WriteUInt64BigEndian(wire, Value);

    /// <summary>Parses 1 to 16 hexadecimal digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SpanId id)
    {
        var parsed = Hex.TryParse(text, out var value);
        id = new SpanId(value);
        return parsed;
    }

    public int CompareTo(SpanId other) => Value.CompareTo(other.Value);

    public static bool operator <(SpanId left, SpanId right) => left.Value < right.Value;
    public static bool operator >(SpanId left, SpanId right) => left.Value > right.Value;
    public static bool operator <=(SpanId left, SpanId right) => left.Value <= right.Value;
    public static bool operator >=(SpanId left, SpanId right) => left.Value >= right.Value;

    /// <summary>16 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
