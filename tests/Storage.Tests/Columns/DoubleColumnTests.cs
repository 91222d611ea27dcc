using Clew.Storage.Columns;

namespace Clew.Storage.Tests.Columns;

public sealed class DoubleColumnTests
{
    static readonly double[] Odd = [0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 1e300, 0.1 + 0.2, Math.PI, 1L << 53, (1L << 53) + 2.0];

    readonly DoubleColumnWriter _writer = new(new IntegerColumnWriter());

    [Fact]
    public void Whatever_the_numbers_every_bit_reads_back()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var values = Doubles(random);
            using var bytes = Written(values);
            var column = Open(bytes.Written, values.Length);
            var from = random.Next(values.Length + 1);
            var read = new double[random.Next(values.Length - from + 1)];
            column.Decode(from, read);
            Assert.True(BitsOf(values.AsSpan(from, read.Length)).SequenceEqual(BitsOf(read)), $"seed {seed}");
            var bitReader = new ByteReader(bytes.Written, "a file", 0);
            var bits = new ulong[read.Length];
            IntegerColumn.Open(ref bitReader, values.Length).Decode(from, bits.AsSpan());
            Assert.True(BitsOf(read).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.Cast<ulong, long>(bits)), $"seed {seed}: as bits");
            if (values.Length == 0)
                continue;
            var row = random.Next(values.Length);
            Assert.True(BitConverter.DoubleToInt64Bits(values[row]) == BitConverter.DoubleToInt64Bits(column[row]), $"seed {seed}: row {row}");
        }
    }

    [Fact]
    public void A_range_keeps_the_rows_that_a_loop_over_the_numbers_keeps()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var values = Doubles(random);
            using var bytes = Written(values);
            var low = values.Length == 0 || random.Next(4) == 0 ? random.NextDouble() : values[random.Next(values.Length)];
            var high = random.Next(3) == 0 ? low : random.Next(3) == 0 ? double.PositiveInfinity : low + random.NextDouble();
            var rows = new ulong[RowBits.WordsOf(values.Length)];
            RowBits.SetAll(rows, values.Length);
            RowBits.Remove(rows, values.Length / 2, values.Length / 2 * 3 / 2);
            bool[] expected = [.. Enumerable.Range(0, values.Length).Select(row => RowBits.Contains(rows, row) && values[row] >= low && values[row] <= high)];
            Open(bytes.Written, values.Length).Keep(low, high, rows);
            for (var row = 0; row < values.Length; row++)
                Assert.True(expected[row] == RowBits.Contains(rows, row), $"seed {seed}: row {row}, {values[row]:R} in {low:R} to {high:R}");
        }
    }

    [Fact]
    public void Decimals_take_the_bits_of_their_digits()
    {
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, 2_000).Select(_ => Math.Round(random.NextDouble(), 4))];
        using var decimals = Written(values);
        Assert.Equal(DoubleColumn.DecimalForm + 4, decimals.Written[0]);
        Assert.InRange(decimals.Count, 1, (2_000 * 15 / 8) + 20);
        // A few of another kind do not spoil it.
        foreach (var (row, odd) in Odd.Index())
            values[row * 100] = odd;
        using var most = Written(values);
        Assert.Equal(DoubleColumn.DecimalForm + 4, most.Written[0]);
        Assert.InRange(most.Count, 1, (2_000 * 15 / 8) + 20 + (Odd.Length * 11));
    }

    [Fact]
    public void A_column_cut_or_changed_anywhere_is_reported_or_has_other_numbers()
    {
        for (var seed = 0; seed < 1_500; seed++)
        {
            var random = new Random(seed);
            var values = Doubles(random);
            using var bytes = Written(values);
            var damaged = bytes.Written.ToArray();
            for (var flips = random.Next(4); flips > 0; flips--)
                damaged[random.Next(random.Next(2) == 0 ? Math.Min(12, damaged.Length) : damaged.Length)] ^= (byte)(1 << random.Next(8));
            damaged = damaged[..(random.Next(2) == 0 ? damaged.Length : random.Next(damaged.Length + 1))];
            try
            {
                var reader = new ByteReader(damaged, "a file", 0);
                var column = DoubleColumn.Open(ref reader, values.Length);
                var rows = new ulong[RowBits.WordsOf(values.Length)];
                RowBits.SetAll(rows, values.Length);
                column.Keep(-1, 1, rows);
                column.Decode(0, new double[values.Length]);
                Assert.InRange(RowBits.Count(rows), 0, values.Length);
            }
            catch (CorruptFileException)
            {
                // Damage, as reported.
            }
        }
    }

    static double[] Doubles(Random random)
    {
        var kind = random.Next(7);
        var power = Math.Pow(10, random.Next(0, 9));
        var few = Enumerable.Range(0, 5).Select(_ => random.NextDouble()).ToArray();
        double[] values = [.. Enumerable.Range(0, random.Next(0, 1_000)).Select(row => kind switch
        {
            0 => 1.5,
            1 => few[random.Next(few.Length)],
            2 => Math.Round(random.NextDouble() * 100 * power) / power,
            3 => random.Next(-1_000, 1_000),
            4 => random.NextDouble(),
            5 => BitConverter.UInt64BitsToDouble(Numbers.Word(random)),
            _ => Odd[random.Next(Odd.Length)],
        })];
        for (var spoiled = random.Next(4); spoiled > 0 && values.Length > 0; spoiled--)
            values[random.Next(values.Length)] = Odd[random.Next(Odd.Length)];
        return values;
    }

    static ReadOnlySpan<long> BitsOf(ReadOnlySpan<double> values) => System.Runtime.InteropServices.MemoryMarshal.Cast<double, long>(values);

    static DoubleColumn Open(ReadOnlySpan<byte> bytes, int count)
    {
        var reader = new ByteReader(bytes, "a file", 0);
        var column = DoubleColumn.Open(ref reader, count);
        reader.ExpectEnd();
        return column;
    }

    ByteWriter Written(double[] values)
    {
        var bytes = new ByteWriter(16);
        _writer.Write(bytes, values);
        return bytes;
    }
}
