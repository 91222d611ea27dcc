using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clew.Storage.Columns;

/// <summary>Numbers as distances from their smallest one, each in as few whole bytes as the largest distance needs.</summary>
/// <remarks>
/// <code>| width u8: 0 to 8 | base varint | count × width bytes, little-endian |</code>
/// Width 0 is a constant column. The count is known to the reader from elsewhere. Times and codes of one batch lie close together, so that this is most of what a
/// slower encoding would save.
/// </remarks>
internal static class NarrowColumn
{
    /// <param name="widthMin">1 for a column whose rows must each cost a byte, so that a count is bounded by the size of the record that claims it.</param>
    public static void Write(ByteWriter to, ReadOnlySpan<ulong> values, int widthMin = 0)
    {
        var (smallest, largest) = Range(values);
        var width = Math.Max(widthMin, WidthOf(largest - smallest));
        to.WriteByte((byte)width);
        to.WriteVarint(smallest);
        if (width > 0)
            Pack(to.AppendWithSlack(checked(values.Length * width), 8), values, smallest, width);
    }

    public static void Read(ref ByteReader from, Span<ulong> values)
    {
        var width = from.TakeByte();
        if (width > 8)
            from.Fail("a column width from 0 to 8", $"{width}");
        var smallest = from.TakeVarint();
        if (width == 0)
            values.Fill(smallest);
        else if ((long)values.Length * width > from.Remaining)
            from.Fail($"{values.Length} rows of {width} bytes", $"{from.Remaining} bytes");
        else
            Unpack(from.Take(values.Length * width), values, smallest, width);
    }

    public static int WidthOf(ulong value) => (64 - System.Numerics.BitOperations.LeadingZeroCount(value) + 7) / 8;

    public static (ulong Smallest, ulong Largest) Range(ReadOnlySpan<ulong> values)
    {
        if (values.IsEmpty)
            return (0, 0);
        ulong smallest = ulong.MaxValue, largest = 0;
        foreach (var value in values)
        {
            smallest = Math.Min(smallest, value);
            largest = Math.Max(largest, value);
        }

        return (smallest, largest);
    }

    // Every row is stored as eight bytes, and the next one overwrites what was too much: hence the slack after the last.
    static void Pack(Span<byte> target, ReadOnlySpan<ulong> values, ulong smallest, int width)
    {
        ref var start = ref MemoryMarshal.GetReference(target);
        switch (width)
        {
            case 1:
                for (var row = 0; row < values.Length; row++)
                    Unsafe.Add(ref start, row) = (byte)(values[row] - smallest);
                break;
            case 2:
                for (var row = 0; row < values.Length; row++)
                    Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, row * 2), (ushort)(values[row] - smallest));
                break;
            default:
                for (var row = 0; row < values.Length; row++)
                    Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, (nint)row * width), values[row] - smallest);
                break;
        }
    }

    static void Unpack(ReadOnlySpan<byte> source, Span<ulong> values, ulong smallest, int width)
    {
        ref var start = ref MemoryMarshal.GetReference(source);
        switch (width)
        {
            case 1:
                for (var row = 0; row < values.Length; row++)
                    values[row] = Unsafe.Add(ref start, row) + smallest;
                break;
            case 2:
                for (var row = 0; row < values.Length; row++)
                    values[row] = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, row * 2)) + smallest;
                break;
            default:
                UnpackWide(source, values, smallest, width);
                break;
        }
    }

    static void UnpackWide(ReadOnlySpan<byte> source, Span<ulong> values, ulong smallest, int width)
    {
        ref var start = ref MemoryMarshal.GetReference(source);
        var mask = ulong.MaxValue >> (64 - width * 8);
        var row = 0;
        for (; (nint)row * width + 8 <= source.Length; row++)
            values[row] = (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, (nint)row * width)) & mask) + smallest;
        for (; row < values.Length; row++)
        {
            var value = 0UL;
            for (var part = 0; part < width; part++)
                value |= (ulong)source[row * width + part] << (part * 8);
            values[row] = value + smallest;
        }
    }
}
