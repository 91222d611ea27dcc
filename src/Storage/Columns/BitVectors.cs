using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Clew.Storage.Columns;

/// <summary>Unpacks and compares packed numbers, eight rows a step, where the processor has AVX2.</summary>
/// <remarks>
/// Eight rows of n bits are n bytes, so that every step looks alike: a shuffle brings the bytes of each row into a lane of its own, a shift per lane drops the bits
/// before it, a mask those behind. The shuffles depend on the width only and are made once.
/// </remarks>
internal static class BitVectors
{
    /// <summary>The widest rows that fit lanes of 32 bits at whatever bit of a byte they start.</summary>
    public const int NarrowMax = 25;

    const int StepRows = 8;

    static readonly Step[] Narrow = [.. Enumerable.Range(0, NarrowMax + 1).Select(bits => NarrowStep(bits))];
    static readonly Step[] WideLower = [.. Enumerable.Range(0, 57).Select(bits => WideStep(bits, 0))];
    static readonly Step[] WideUpper = [.. Enumerable.Range(0, 57).Select(bits => WideStep(bits, 4))];

    public static bool IsSupported => Avx2.IsSupported && BitConverter.IsLittleEndian;

    /// <param name="bits">1 to 56.</param>
    /// <param name="from">A multiple of 8.</param>
    /// <param name="largest">Raised to the largest number before <paramref name="smallest"/> is added.</param>
    /// <returns>How many rows were unpacked: a multiple of 8 that leaves the end of <paramref name="packed"/>, where a load would reach past it, to others.</returns>
    public static int Unpack(ReadOnlySpan<byte> packed, int bits, int from, ulong smallest, Span<ulong> into, ref ulong largest) =>
        bits <= NarrowMax ? UnpackWidening(packed, bits, from, smallest, into, ref largest) : UnpackWide(packed, bits, from, smallest, into, ref largest);

    /// <param name="bits">1 to <see cref="NarrowMax"/>.</param>
    /// <inheritdoc cref="Unpack(ReadOnlySpan{byte}, int, int, ulong, Span{ulong}, ref ulong)"/>
    public static int Unpack(ReadOnlySpan<byte> packed, int bits, int from, uint smallest, Span<uint> into, ref uint largest)
    {
        ref var source = ref MemoryMarshal.GetReference(packed);
        ref var target = ref MemoryMarshal.GetReference(into);
        var step = Narrow[bits];
        var steps = StepsOf(packed.Length, bits, from, into.Length, step.UpperOffset);
        var add = Vector256.Create(smallest);
        var most = Vector256<uint>.Zero;
        var at = (nuint)from / StepRows * (nuint)bits;
        for (nuint row = 0; row < (nuint)steps * StepRows; row += StepRows, at += (nuint)bits)
        {
            var numbers = step.Take32(ref source, at);
            most = Vector256.Max(most, numbers);
            (numbers + add).StoreUnsafe(ref target, row);
        }

        for (var lane = 0; lane < Vector256<uint>.Count; lane++)
            largest = Math.Max(largest, most[lane]);
        return steps * StepRows;
    }

    /// <summary>Clears the bits of rows whose number is not one of <paramref name="low"/> to <paramref name="high"/>, 64 rows at a time.</summary>
    /// <param name="bits">1 to <see cref="NarrowMax"/>.</param>
    /// <param name="rows">A bit per row, from row 0 on.</param>
    /// <returns>How many words of <paramref name="rows"/> are done.</returns>
    public static int Keep(ReadOnlySpan<byte> packed, int bits, uint low, uint high, Span<ulong> rows)
    {
        ref var source = ref MemoryMarshal.GetReference(packed);
        var step = Narrow[bits];
        var words = Math.Min(rows.Length, StepsOf(packed.Length, bits, 0, int.MaxValue, step.UpperOffset) / StepRows);
        Vector256<uint> least = Vector256.Create(low), span = Vector256.Create(high - low);
        for (var word = 0; word < words; word++)
        {
            if (rows[word] == 0)
                continue;
            var at = (nuint)word * StepRows * (nuint)bits;
            ulong kept = 0;
            for (var part = 0; part < 64; part += StepRows, at += (nuint)bits)
                kept |= (ulong)Vector256.LessThanOrEqual(step.Take32(ref source, at) - least, span).ExtractMostSignificantBits() << part;
            rows[word] &= kept;
        }

        return words;
    }

    static int UnpackWidening(ReadOnlySpan<byte> packed, int bits, int from, ulong smallest, Span<ulong> into, ref ulong largest)
    {
        ref var source = ref MemoryMarshal.GetReference(packed);
        ref var target = ref MemoryMarshal.GetReference(into);
        var step = Narrow[bits];
        var steps = StepsOf(packed.Length, bits, from, into.Length, step.UpperOffset);
        var add = Vector256.Create(smallest);
        var most = Vector256<uint>.Zero;
        var at = (nuint)from / StepRows * (nuint)bits;
        for (nuint row = 0; row < (nuint)steps * StepRows; row += StepRows, at += (nuint)bits)
        {
            var numbers = step.Take32(ref source, at);
            most = Vector256.Max(most, numbers);
            (Avx2.ConvertToVector256Int64(numbers.GetLower()).AsUInt64() + add).StoreUnsafe(ref target, row);
            (Avx2.ConvertToVector256Int64(numbers.GetUpper()).AsUInt64() + add).StoreUnsafe(ref target, row + 4);
        }

        for (var lane = 0; lane < Vector256<uint>.Count; lane++)
            largest = Math.Max(largest, most[lane]);
        return steps * StepRows;
    }

    static int UnpackWide(ReadOnlySpan<byte> packed, int bits, int from, ulong smallest, Span<ulong> into, ref ulong largest)
    {
        ref var source = ref MemoryMarshal.GetReference(packed);
        ref var target = ref MemoryMarshal.GetReference(into);
        Step lower = WideLower[bits], upper = WideUpper[bits];
        var steps = StepsOf(packed.Length, bits, from, into.Length, upper.UpperOffset);
        var add = Vector256.Create(smallest);
        var most = Vector256<ulong>.Zero;
        var at = (nuint)from / StepRows * (nuint)bits;
        for (nuint row = 0; row < (nuint)steps * StepRows; row += StepRows, at += (nuint)bits)
        {
            Vector256<ulong> first = lower.Take64(ref source, at), second = upper.Take64(ref source, at);
            most = Vector256.Max(most, Vector256.Max(first, second));
            (first + add).StoreUnsafe(ref target, row);
            (second + add).StoreUnsafe(ref target, row + 4);
        }

        for (var lane = 0; lane < Vector256<ulong>.Count; lane++)
            largest = Math.Max(largest, most[lane]);
        return steps * StepRows;
    }

    // The last load of a step is of 16 bytes and must end within the packed ones.
    static int StepsOf(int packedBytes, int bits, int from, int rows, int lastOffset)
    {
        var room = (long)packedBytes - ((long)from / StepRows * bits) - lastOffset - 16;
        return room < 0 ? 0 : (int)Math.Min(rows / StepRows, (room / bits) + 1);
    }

    // Four rows in each half of the vector, of four bytes each.
    static Step NarrowStep(int bits)
    {
        Span<byte> shuffle = stackalloc byte[32];
        Span<uint> shifts = stackalloc uint[8];
        for (var row = 0; row < 8; row++)
        {
            var start = (row < 4 ? 0 : bits >> 1) * 8;
            var bit = (row * bits) - start;
            for (var part = 0; part < 4; part++)
                shuffle[(row * 4) + part] = (byte)((bit >> 3) + part);
            shifts[row] = (uint)(bit & 7);
        }

        var mask = bits == 0 ? 0 : uint.MaxValue >> (32 - bits);
        return new Step(Vector256.Create<byte>(shuffle), Vector256.Create<uint>(shifts).AsByte(), Vector256.Create(mask).AsByte(), 0, bits >> 1);
    }

    // Two rows in each half of the vector, of eight bytes each; a second step has the other four of the eight rows.
    static Step WideStep(int bits, int firstRow)
    {
        Span<byte> shuffle = stackalloc byte[32];
        Span<ulong> shifts = stackalloc ulong[4];
        int lowerOffset = (firstRow * bits) >> 3, upperOffset = ((firstRow + 2) * bits) >> 3;
        for (var row = 0; row < 4; row++)
        {
            var bit = ((firstRow + row) * bits) - ((row < 2 ? lowerOffset : upperOffset) * 8);
            for (var part = 0; part < 8; part++)
                shuffle[(row * 8) + part] = (byte)((bit >> 3) + part);
            shifts[row] = (ulong)(bit & 7);
        }

        return new Step(Vector256.Create<byte>(shuffle), Vector256.Create<ulong>(shifts).AsByte(), Vector256.Create(BitPacking.MaskOf(bits)).AsByte(), lowerOffset, upperOffset);
    }

    /// <summary>What is done to the bytes at hand: from two places, shuffled, shifted, masked.</summary>
    readonly record struct Step(Vector256<byte> Shuffle, Vector256<byte> Shifts, Vector256<byte> Mask, int LowerOffset, int UpperOffset)
    {
        public Vector256<uint> Take32(ref byte source, nuint at) =>
            Avx2.ShiftRightLogicalVariable(Gather(ref source, at).AsUInt32(), Shifts.AsUInt32()) & Mask.AsUInt32();

        public Vector256<ulong> Take64(ref byte source, nuint at) =>
            Avx2.ShiftRightLogicalVariable(Gather(ref source, at).AsUInt64(), Shifts.AsUInt64()) & Mask.AsUInt64();

        Vector256<byte> Gather(ref byte source, nuint at) => Avx2.Shuffle(
            Vector256.Create(Vector128.LoadUnsafe(ref source, at + (nuint)LowerOffset), Vector128.LoadUnsafe(ref source, at + (nuint)UpperOffset)), Shuffle);
    }
}
