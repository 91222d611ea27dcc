namespace Clew.Storage.Tests.Columns;

/// <summary>Columns of numbers of the kinds that encodings are made for, and of those that they break on.</summary>
internal static class Numbers
{
    static readonly int[] Edges = [1, 2, 7, 8, 9, 63, 64, 65, 127, 128, 255, 256, 257, 511, 2_048];

    public static ulong[] Of(Random random)
    {
        var values = new ulong[random.Next(3) == 0 ? Edges[random.Next(Edges.Length)] : random.Next(0, 1_500)];
        Fill(random, values, random.Next(11));
        // Now and then two kinds side by side, or one number that spoils a kind.
        if (values.Length > 2 && random.Next(4) == 0)
            Fill(random, values.AsSpan(random.Next(values.Length)), random.Next(11));
        if (values.Length > 0 && random.Next(8) == 0)
            values[random.Next(values.Length)] = Word(random);
        return values;
    }

    static void Fill(Random random, Span<ulong> values, int kind)
    {
        var bits = random.Next(65);
        var mask = bits == 0 ? 0 : ulong.MaxValue >> (64 - bits);
        var offset = Word(random) & ~mask;
        var few = Enumerable.Range(0, random.Next(1, 40)).Select(_ => Word(random)).ToArray();
        var current = Word(random);
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = kind switch
            {
                0 => few[0],
                1 => few[random.Next(few.Length)],
                2 => current = random.Next(30) == 0 ? few[random.Next(few.Length)] : current,
                3 => current = random.Next(12) == 0 ? Word(random) : current,
                4 => current += Word(random) & (mask >> 32),
                5 => current -= (ulong)random.Next(1_000) + 77,
                6 => random.Next(2) == 0 ? 0 : ulong.MaxValue,
                7 => row % 2 == 0 ? ulong.MaxValue - (ulong)row : (ulong)row,
                10 => offset + (Word(random) & (mask >> random.Next(3) >> (random.Next(20) == 0 ? 0 : 12))),
                8 => Word(random) >> random.Next(64),
                _ => offset + (Word(random) & mask),
            };
        }
    }

    public static ulong Word(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);
}
