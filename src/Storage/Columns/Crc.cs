using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clew.Storage.Columns;

/// <summary>CRC-32C (Castagnoli), as in iSCSI: initial value and final complement of all ones.</summary>
internal static class Crc
{
    public static uint Of(ReadOnlySpan<byte> bytes, uint seed = 0)
    {
        var crc = ~seed;
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var at = 0;
        for (; at + 8 <= bytes.Length; at += 8)
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at)));
        for (; at < bytes.Length; at++)
            crc = BitOperations.Crc32C(crc, Unsafe.Add(ref start, at));
        return ~crc;
    }
}
