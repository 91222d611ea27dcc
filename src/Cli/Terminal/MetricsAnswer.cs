using System.Globalization;
using System.Text.Json;
using Clew.Model;

namespace Clew.Cli.Terminal;

/// <summary>Time series as the server answered with them.</summary>
/// <param name="IsSeconds">The samples are durations.</param>
internal sealed record MetricsAnswer(IReadOnlyList<UnixNanos> Times, IReadOnlyList<ChartLine> Lines, bool IsSeconds)
{
    /// <param name="answer">What <c>/api/clew/v1/metrics</c> gives.</param>
    public static MetricsAnswer Of(JsonElement answer)
    {
        var times = answer.GetProperty("timesUnixNano").EnumerateArray().Select(time => new UnixNanos(ulong.Parse(time.GetString()!, CultureInfo.InvariantCulture)));
        var lines = answer.GetProperty("series").EnumerateArray().Select(series => new ChartLine(
            [.. series.GetProperty("labels").EnumerateArray().Select(label => (label.GetProperty("name").GetString()!, TextOf(label.GetProperty("value"))))],
            [.. series.GetProperty("samples").EnumerateArray().Select(sample => sample.ValueKind == JsonValueKind.Number ? sample.GetDouble() : double.NaN)]));
        // The language says what it gives of a span's duration in seconds, and everything else as it is.
        var query = answer.GetProperty("query").GetString()!;
        var isSeconds = query.Contains("_over_time(duration", StringComparison.Ordinal) && !query.Contains("histogram_over_time", StringComparison.Ordinal);
        return new MetricsAnswer([.. times], [.. lines], isSeconds);
    }

    /// <summary>What of it lies in a range: the first sample of a graph stands for a time that ends where the range begins, and the last for one that may end behind it.</summary>
    public MetricsAnswer Within(TimeRange range)
    {
        var skipped = Times.Count > 1 ? Times.TakeWhile(time => time <= range.From).Count() : 0;
        return skipped == Times.Count ? this : this with
        {
            Times = [.. Times.Skip(skipped).Select(time => time < range.To ? time : range.To)],
            Lines = [.. Lines.Select(line => line with { Samples = line.Samples[skipped..] })],
        };
    }

    public string Format(double value) => double.IsNaN(value) ? "-" : IsSeconds && value >= 0 && value < 1e9 ? NanosText.Duration((ulong)Math.Round(value * 1e9)) : Number(value);

    static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 999.5e9 => value.ToString("0.00e0", CultureInfo.InvariantCulture),
        >= 999.5e6 => Digits(value / 1e9) + "G",
        >= 999.5e3 => Digits(value / 1e6) + "M",
        >= 9_999.5 => Digits(value / 1e3) + "k",
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        < 0.001 => value.ToString("0.0e0", CultureInfo.InvariantCulture),
        < 1 => value.ToString("0.###", CultureInfo.InvariantCulture),
        _ => Digits(value),
    };

    static string Digits(double value) => value.ToString(Math.Abs(value) < 9.995 ? "0.##" : Math.Abs(value) < 99.95 ? "0.#" : "0", CultureInfo.InvariantCulture);

    static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "nil",
        _ => value.GetRawText(),
    };
}
