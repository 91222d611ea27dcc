using Clew.Storage.Columns;

namespace Clew.Storage.Tests.Columns;

public sealed class IntegerColumnTests
{
    readonly IntegerColumnWriter _writer = new();

    [Fact]
    public void Whatever_the_numbers_they_read_back_whole_in_part_and_one_by_one()
    {
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            var values = Numbers.Of(random);
            using var bytes = Written(values, random.Next(2) == 0);
            var column = Open(bytes.Written, values.Length);
            var read = new ulong[values.Length];
            column.Decode(0, read.AsSpan());
            Assert.True(values.AsSpan().SequenceEqual(read), $"seed {seed}");
            Assert.True(values.Length == 0 || (values.Min() >= column.Smallest && values.Max() <= column.Largest), $"seed {seed}: the range");
            var from = random.Next(values.Length + 1);
            var part = new ulong[random.Next(values.Length - from + 1)];
            column.Decode(from, part.AsSpan());
            Assert.True(values.AsSpan(from, part.Length).SequenceEqual(part), $"seed {seed}: {part.Length} rows from {from} on");
            for (var time = 0; time < 8 && values.Length > 0; time++)
            {
                var row = random.Next(values.Length);
                Assert.True(column[row] == values[row], $"seed {seed}: row {row}");
            }
        }
    }

    [Fact]
    public void Numbers_of_four_bytes_and_of_one_read_back_into_what_they_came_from()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            uint[] values = [.. Numbers.Of(random).Select(value => (uint)(value >> random.Next(64)))];
            byte[] small = [.. values.Select(value => (byte)value)];
            using var bytes = new ByteWriter(16);
            _writer.Write<uint>(bytes, values);
            _writer.Write<byte>(bytes, small);
            var reader = new ByteReader(bytes.Written, "a file", 0);
            var from = random.Next(values.Length + 1);
            var read = new uint[values.Length - from];
            IntegerColumn.Open(ref reader, values.Length).Decode(from, read.AsSpan());
            var readSmall = new byte[values.Length - from];
            IntegerColumn.Open(ref reader, values.Length).Decode(from, readSmall.AsSpan());
            reader.ExpectEnd();
            Assert.True(values.AsSpan(from).SequenceEqual(read), $"seed {seed}");
            Assert.True(small.AsSpan(from).SequenceEqual(readSmall), $"seed {seed}");
        }
    }

    [Fact]
    public void A_number_that_the_callers_type_cannot_hold_is_damage_and_not_cut_down()
    {
        using var bytes = Written([1, 2, 300], wholeBytes: false);
        Assert.Throws<CorruptFileException>(() => Open(bytes.Written, 3).Decode(0, new byte[3].AsSpan()));
    }

    [Fact]
    public void A_range_keeps_the_rows_that_a_loop_over_the_numbers_keeps()
    {
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            var values = Numbers.Of(random);
            using var bytes = Written(values, random.Next(2) == 0);
            var (low, high) = (Bound(random, values), Bound(random, values));
            if (random.Next(4) > 0 && low > high)
                (low, high) = (high, low);
            if (random.Next(3) == 0)
                high = low;
            var (rows, expected) = SomeRows(random, values.Length);
            Open(bytes.Written, values.Length).Keep(low, high, rows);
            for (var row = 0; row < values.Length; row++)
                expected[row] &= values[row] >= low && values[row] <= high;
            AssertSame(expected, rows, $"seed {seed}: {low} to {high}");
        }
    }

    [Fact]
    public void A_test_keeps_the_rows_that_a_loop_over_the_numbers_keeps()
    {
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            var values = Numbers.Of(random);
            using var bytes = Written(values, random.Next(2) == 0);
            var test = new BitIsSet(random.Next(64));
            var (rows, expected) = SomeRows(random, values.Length);
            Open(bytes.Written, values.Length).KeepWhere(test, rows);
            for (var row = 0; row < values.Length; row++)
                expected[row] &= test.Passes(values[row]);
            AssertSame(expected, rows, $"seed {seed}");
        }
    }

    [Fact]
    public void Each_form_is_chosen_for_the_numbers_it_is_made_for()
    {
        var random = new Random(1);
        AssertForm(PackedColumn.Form, 2, Column(_ => 7));
        AssertForm(PackedColumn.Form + 10, (10 * 2_000 / 8) + 10, Column(_ => 1_000_000_000_000 + (ulong)random.Next(1_024)));
        AssertForm(PackedColumn.Form + 64, (8 * 2_000) + 20, Column(_ => Numbers.Word(random)));
        AssertForm(RunLengths.Form, 100, Column(row => Hash(row / 250)));
        AssertForm(DictionaryColumn.Form, (2_000 * 2 / 8) + 60, Column(_ => Hash(random.Next(4))));
        AssertForm(PatchedColumn.Form, (2_000 * 10 / 8) + (20 * 7), Column(row => (ulong)random.Next(1_024) << (row % 100 == 7 ? 30 : 0)));
        AssertForm(DeltaColumn.Form, (2_000 * 6 / 8) + 20, Column(row => ((ulong)row * 1_000_003) + (ulong)random.Next(32)));

        void AssertForm(int form, int bytesMax, ulong[] values)
        {
            using var bytes = Written(values, wholeBytes: false);
            Assert.Equal(form, bytes.Written[0]);
            Assert.InRange(bytes.Count, 1, bytesMax);
        }
    }

    [Fact]
    public void No_form_is_larger_than_the_plain_one()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var values = Numbers.Of(new Random(seed));
            using var bytes = Written(values, wholeBytes: false);
            using var plain = new ByteWriter(16);
            var (smallest, largest) = NarrowColumn.Range(values);
            PackedColumn.Write(plain, values, smallest, largest, wholeBytes: false);
            // A form's header is guessed before it is chosen.
            Assert.True(bytes.Count <= plain.Count + 32, $"seed {seed}: {bytes.Count} bytes for {plain.Count}");
        }
    }

    [Fact]
    public void Forms_have_the_bytes_that_their_descriptions_promise()
    {
        // No bits: 42, whatever the rows.
        Assert.Equal("80-2A", Hex(42, 42, 42));
        // Three bits from 5 on, up to 6 more: 0, 1, 2, 6, 0.
        Assert.Equal("83-05-06-88-0C", Hex(5, 6, 7, 11, 5));
        // Two runs: their lengths, 300 and 200, in nine bits from 1 on, then 5 and 1,000 in ten bits from 5 on.
        Assert.Equal("D0-02-89-01-AB-02-2B-8F-01-8A-05-E3-07-00-8C-0F", Hex([.. Enumerable.Repeat(5UL, 300), .. Enumerable.Repeat(1_000UL, 200)]));

        string Hex(params ulong[] values)
        {
            using var bytes = Written(values, wholeBytes: false);
            return BitConverter.ToString(bytes.Written.ToArray());
        }
    }

    [Fact]
    public void A_column_cut_or_changed_anywhere_is_reported_or_has_other_numbers_in_its_range()
    {
        for (var seed = 0; seed < 1_500; seed++)
        {
            var random = new Random(seed);
            var values = Numbers.Of(random);
            using var bytes = Written(values, random.Next(2) == 0);
            var damaged = bytes.Written.ToArray();
            for (var flips = random.Next(4); flips > 0; flips--)
                damaged[random.Next(random.Next(2) == 0 ? Math.Min(12, damaged.Length) : damaged.Length)] ^= (byte)(1 << random.Next(8));
            damaged = damaged[..(random.Next(2) == 0 ? damaged.Length : random.Next(damaged.Length + 1))];
            var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadAll(damaged, values.Length, random, $"seed {seed}");
            }
            catch (CorruptFileException)
            {
                // Damage, as reported.
            }

            // What is read besides the caller's own rows comes from a pool, and is no more than they are.
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore < 200_000 + (values.Length * 64), $"seed {seed}");
        }
    }

    [Fact]
    public void Vectors_and_single_steps_unpack_and_compare_alike()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var bits = random.Next(1, 57);
            var values = new ulong[random.Next(1, 400)];
            foreach (ref var value in values.AsSpan())
                value = Numbers.Word(random) & BitPacking.MaskOf(bits);
            using var bytes = new ByteWriter(16);
            BitPacking.Pack(bytes.AppendWithSlack((int)BitPacking.BytesOf(values.Length, bits), 8), values, 0, bits);
            var from = random.Next(values.Length);
            ulong[] one = new ulong[values.Length - from], many = new ulong[values.Length - from];
            var add = Numbers.Word(random);
            Assert.Equal(BitPacking.UnpackOneByOne(bytes.Written, bits, from, add, one.AsSpan()), BitPacking.Unpack(bytes.Written, bits, from, add, many));
            Assert.True(one.AsSpan().SequenceEqual(many), $"seed {seed}");
            Assert.True(one[0] == values[from] + add, $"seed {seed}");
            if (bits > 32)
                continue;
            uint[] oneNarrow = new uint[values.Length - from], manyNarrow = new uint[values.Length - from];
            Assert.Equal(BitPacking.UnpackOneByOne(bytes.Written, bits, from, (uint)add, oneNarrow.AsSpan()), BitPacking.Unpack(bytes.Written, bits, from, (uint)add, manyNarrow));
            Assert.True(oneNarrow.AsSpan().SequenceEqual(manyNarrow), $"seed {seed}");
        }
    }

    [Fact]
    public void Statistics_are_those_of_a_plain_loop()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var values = Numbers.Of(new Random(seed));
            if (values.Length < 2)
                continue;
            var steps = values.Skip(1).Zip(values, (here, before) => unchecked((long)(here - before))).ToArray();
            Assert.Equal(
                new ColumnStatistics(values.Min(), values.Max(), 1 + steps.Count(step => step != 0), steps.Min(), steps.Max()), ColumnStatistics.Of(values));
        }
    }

    static void ReadAll(byte[] damaged, int count, Random random, string what)
    {
        var column = Open(damaged, count, expectEnd: false);
        var rows = new ulong[RowBits.WordsOf(count)];
        RowBits.SetAll(rows, count);
        column.Keep(column.Smallest + ((column.Largest - column.Smallest) / 3), column.Largest, rows);
        column.KeepWhere(new BitIsSet(3), rows);
        if (count > 0)
            Assert.InRange(column[random.Next(count)], column.Smallest, column.Largest);
        var read = new ulong[count];
        column.Decode(0, read.AsSpan());
        Assert.True(Array.TrueForAll(read, value => IsBetween(value, damaged, count)), what);
    }

    static bool IsBetween(ulong value, byte[] damaged, int count)
    {
        var column = Open(damaged, count, expectEnd: false);
        return value >= column.Smallest && value <= column.Largest;
    }

    static IntegerColumn Open(ReadOnlySpan<byte> bytes, int count, bool expectEnd = true)
    {
        var reader = new ByteReader(bytes, "a file", 0);
        var column = IntegerColumn.Open(ref reader, count);
        if (expectEnd)
            reader.ExpectEnd();
        return column;
    }

    static ulong Hash(int number) => StableHash.Of(new Model.TraceId(0, (ulong)number));

    static ulong[] Column(Func<int, ulong> valueOf) => [.. Enumerable.Range(0, 2_000).Select(valueOf)];

    static ulong Bound(Random random, ulong[] values) => random.Next(4) switch
    {
        0 => Numbers.Word(random),
        1 => random.Next(2) == 0 ? 0 : ulong.MaxValue,
        _ => values.Length == 0 ? 0 : values[random.Next(values.Length)] + (ulong)random.Next(-1, 2),
    };

    static (ulong[] Rows, bool[] Expected) SomeRows(Random random, int count)
    {
        var rows = new ulong[RowBits.WordsOf(count)];
        RowBits.SetAll(rows, count);
        if (random.Next(2) == 0)
            RowBits.Remove(rows, random.Next(count + 1), count);
        if (random.Next(2) == 0)
        {
            for (var row = 0; row < count; row++)
            {
                if (random.Next(2) == 0)
                    RowBits.Remove(rows, row, row + 1);
            }
        }

        return (rows, [.. Enumerable.Range(0, count).Select(row => RowBits.Contains(rows, row))]);
    }

    static void AssertSame(bool[] expected, ulong[] rows, string what)
    {
        for (var row = 0; row < expected.Length; row++)
            Assert.True(expected[row] == RowBits.Contains(rows, row), $"{what}: row {row} of {expected.Length}");
        Assert.Equal(expected.Count(kept => kept), RowBits.Count(rows));
        var walked = new List<int>();
        for (var row = RowBits.NextFrom(rows, 0); row >= 0; row = RowBits.NextFrom(rows, row + 1))
            walked.Add(row);
        Assert.Equal(Enumerable.Range(0, expected.Length).Where(row => expected[row]), walked);
    }

    ByteWriter Written(ulong[] values, bool wholeBytes)
    {
        var bytes = new ByteWriter(16);
        _writer.Write(bytes, values, wholeBytes);
        return bytes;
    }

    readonly record struct BitIsSet(int Bit) : INumberTest
    {
        public bool Passes(ulong number) => ((number >> Bit) & 1) != 0;
    }
}
