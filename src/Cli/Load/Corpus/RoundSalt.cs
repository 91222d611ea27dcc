namespace Clew.Cli.Load.Corpus;

/// <summary>What one passage through the corpus changes: ids and unique texts are XORed, times are shifted.</summary>
/// <param name="Span">For span ids; its lowest bit is 0, so that an id, which has it set, never becomes 0.</param>
/// <param name="ShiftNanos">Makes a time of the corpus' time line a Unix time.</param>
internal readonly record struct RoundSalt(ulong TraceHigh, ulong TraceLow, ulong Span, ulong Text, long ShiftNanos)
{
    /// <param name="run">Differs between runs.</param>
    /// <param name="round">Counts from 0 within a run.</param>
    public static RoundSalt Of(ulong run, long round, long shiftNanos)
    {
        var basis = SeededRandom.Scatter(run ^ SeededRandom.Scatter((ulong)round + 1));
        return new RoundSalt(Scattered(1), Scattered(2), Scattered(3) & ~1UL, Scattered(4), shiftNanos);

        ulong Scattered(ulong place) => SeededRandom.Scatter(basis + place);
    }
}
