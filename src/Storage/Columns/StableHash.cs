using System.Buffers.Binary;

namespace Clew.Storage.Columns;

/// <summary>A 64-bit hash that is part of the formats: the same on every machine, for ever.</summary>
/// <remarks>
/// Eight bytes a step, little-endian, each folded in by a 64 × 64 → 128 bit multiplication; the last 0 to 7 bytes are one more step, padded with zeros; the length is
/// part of the seed. A trace id is its two halves, one step each, without a length. Filters only: an enemy who aims at collisions gains nothing but a needless read.
/// </remarks>
internal static class StableHash
{
    const ulong Odd = 0x9E3779B97F4A7C15, Other = 0xA0761D6478BD642F;

    public static ulong Of(ReadOnlySpan<byte> content)
    {
        var state = Fold(Other ^ (ulong)content.Length, Odd);
        for (; content.Length >= 8; content = content[8..])
            state = Fold(state ^ BinaryPrimitives.ReadUInt64LittleEndian(content), Odd);
        Span<byte> tail = stackalloc byte[8];
        tail.Clear();
        content.CopyTo(tail);
        return Fold(state ^ BinaryPrimitives.ReadUInt64LittleEndian(tail), Other);
    }

    public static ulong Of(Model.TraceId id) => Fold(Fold(Other ^ id.High, Odd) ^ id.Low, Other);

    static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
