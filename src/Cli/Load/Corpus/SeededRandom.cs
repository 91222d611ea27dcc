namespace Clew.Cli.Load.Corpus;

/// <summary>Chance that a seed repeats: the same corpus on every machine and with every runtime.</summary>
/// <remarks>SplitMix64. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.</remarks>
internal sealed class SeededRandom(ulong seed)
{
    const ulong Step = 0x9E3779B97F4A7C15;
    ulong _state = seed;

    /// <summary>Scatters a number over all 64 bits; a counter becomes a sequence without repetition.</summary>
    public static ulong Scatter(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }

    public ulong Next() => Scatter(_state += Step);

    /// <summary>At least 0, less than 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public long Next(long low, long high) => low + (long)(Next() % (ulong)(high - low + 1));

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[(int)(Next() % (ulong)choices.Length)];

    /// <summary>How long some work takes, in nanoseconds: lognormal around its median, and one time in fifty up to ten times as long.</summary>
    /// <param name="spread">The standard deviation of the logarithm.</param>
    public long Work(double medianMicros, double spread = 0.45)
    {
        // Irwin and Hall: twelve uniform numbers add up to a normal one, near enough for a latency.
        var normal = -6.0;
        for (var term = 0; term < 12; term++)
            normal += NextDouble();
        var micros = medianMicros * Math.Exp(spread * normal) * (Chance(0.02) ? 1 + (9 * NextDouble()) : 1);
        return Math.Max(1_000, (long)(micros * 1_000));
    }
}
