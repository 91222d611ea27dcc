using System.Globalization;
using Clew.Model;

namespace Clew.Cli.Terminal;

/// <summary>Times and durations for people to read.</summary>
internal static class NanosText
{
    /// <summary>Three digits that count: <c>120 ns</c>, <c>8.51 µs</c>, <c>12.3 ms</c>, <c>1.24 s</c>, <c>2 min 10 s</c>, <c>3 h 20 min</c>.</summary>
    public static string Duration(ulong nanos) => nanos switch
    {
        < 1_000 => $"{nanos} ns",
        < 999_500 => $"{Digits(nanos / 1e3)} µs",
        < 999_500_000 => $"{Digits(nanos / 1e6)} ms",
        < 60_000_000_000 => $"{Digits(nanos / 1e9)} s",
        < 3_600_000_000_000 => $"{nanos / 60_000_000_000} min {nanos / 1_000_000_000 % 60} s",
        _ => $"{nanos / 3_600_000_000_000} h {nanos / 60_000_000_000 % 60} min",
    };

    /// <summary><c>2026-11-21 00:20:46.123</c>, UTC.</summary>
    public static string Time(UnixNanos time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    static string Digits(double number) => number.ToString(number < 9.995 ? "0.00" : number < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
