using System.Numerics;

namespace Clew.Storage.Blocks.Search;

/// <summary>A number of nanoseconds in 16 bits, never larger than it was.</summary>
/// <remarks>
/// In units of 2^20 ns, as directories have it: exact below 2048, then 11 significant bits and an exponent, so that at most a 1024th is lost. Codes are in the order of what
/// they stand for.
/// </remarks>
internal static class ShortDistance
{
    /// <summary>No distance at all. No number is this far.</summary>
    public const ushort None = ushort.MaxValue;

    const int FractionBits = 10, UnitShift = RowGroupDirectory.StartShift;

    public static ushort Of(ulong nanos)
    {
        var units = nanos >> UnitShift;
        var exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount(units) - (FractionBits + 1));
        return (ushort)((exponent << FractionBits) + (int)(units >> exponent));
    }

    public static ulong Nanos(ushort code)
    {
        var exponent = Math.Max(0, (code >> FractionBits) - 1);
        return ((ulong)code - ((ulong)exponent << FractionBits)) << (exponent + UnitShift);
    }
}
