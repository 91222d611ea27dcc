namespace Clew.Server.Jaeger.Performance;

/// <summary>Spans counted by the next power of two of their duration in nanoseconds, as <c>histogram_over_time()</c> counts them: a count for each exponent.</summary>
internal static class OctaveCounts
{
    /// <summary>Exponents there are.</summary>
    public const int Count = 64;

    /// <param name="bound">A power of two, as near as its conversion from seconds has left it.</param>
    public static int ExponentOf(double bound) => Math.Clamp((int)Math.Round(Math.Log2(bound)), 0, Count - 1);

    /// <summary>The value at a rank, taken to lie in its octave as far as the rank does in the octave's count.</summary>
    /// <returns>NaN when nothing was counted. Else within a factor of two of the duration that has this rank.</returns>
    /// <remarks>
    /// TraceQL's <c>quantile_over_time()</c> goes on from the last octave that has a count, however far below: where some spans are fast and the others slow, it may say a duration in
    /// between that none of them has.
    /// </remarks>
    public static double Quantile(ReadOnlySpan<double> counts, double quantile)
    {
        var total = 0.0;
        foreach (var count in counts)
            total += count;
        // Of 20 spans, 0.15 are 3: a little more would be the next octave.
        var rank = Math.Round(quantile * total, 9);
        var (before, last) = (0.0, double.NaN);
        for (var exponent = 0; exponent < counts.Length; exponent++)
        {
            if (counts[exponent] <= 0)
                continue;
            if (before + counts[exponent] >= rank)
                return Math.Pow(2, exponent - 1 + (rank - before) / counts[exponent]);
            before += counts[exponent];
            last = Math.Pow(2, exponent);
        }

        return last;
    }
}
