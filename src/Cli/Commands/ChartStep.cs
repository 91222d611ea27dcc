using Clew.Model;

namespace Clew.Cli.Commands;

/// <summary>Steps that people read easily.</summary>
internal static class ChartStep
{
    static readonly (string Text, ulong Nanos)[] Known =
    [
        ("1ms", 1_000_000), ("10ms", 10_000_000), ("100ms", 100_000_000), ("1s", Seconds(1)), ("2s", Seconds(2)), ("5s", Seconds(5)), ("10s", Seconds(10)), ("15s", Seconds(15)),
        ("30s", Seconds(30)), ("1m", Seconds(60)), ("2m", Seconds(120)), ("5m", Seconds(300)), ("10m", Seconds(600)), ("15m", Seconds(900)), ("30m", Seconds(1_800)),
        ("1h", Seconds(3_600)), ("2h", Seconds(7_200)), ("6h", Seconds(21_600)), ("12h", Seconds(43_200)), ("24h", Seconds(86_400)), ("168h", Seconds(604_800)),
        ("720h", Seconds(2_592_000)), ("8760h", Seconds(31_536_000)),
    ];

    /// <summary>The shortest that makes no more than so many samples.</summary>
    public static string For(TimeRange range, int sampleCountMax)
    {
        var length = range.From.NanosUntil(range.To);
        foreach (var (text, nanos) in Known)
        {
            if (length / nanos < (ulong)sampleCountMax)
                return text;
        }

        return Known[^1].Text;
    }

    static ulong Seconds(ulong seconds) => seconds * 1_000_000_000;
}
