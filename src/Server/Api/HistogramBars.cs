using System.Text.Json;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Syntax;

namespace Clew.Server.Api;

/// <summary>The bars of a histogram over time: of a width that people read easily, and at the same places however the range moves. The first and the last are cut off where the range begins and ends.</summary>
internal static class HistogramBars
{
    const ulong Second = 1_000_000_000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;

    static readonly ulong[] Widths =
    [
        .. Decades(), Second, 2 * Second, 5 * Second, 10 * Second, 15 * Second, 30 * Second, Minute, 2 * Minute, 5 * Minute, 10 * Minute, 15 * Minute, 30 * Minute,
        Hour, 2 * Hour, 3 * Hour, 6 * Hour, 12 * Hour, Day, 2 * Day, 7 * Day, 14 * Day, 28 * Day, 91 * Day, 364 * Day,
    ];

    /// <summary>The narrowest width that needs no more than <paramref name="countMax"/> bars.</summary>
    public static ulong Fit(TimeRange range, int countMax)
    {
        foreach (var known in Widths)
        {
            if (CountOf(range, known) <= (ulong)countMax)
                return known;
        }

        // A range of centuries, as a claim of a broken clock makes one.
        var width = Widths[^1];
        while (CountOf(range, width) > (ulong)countMax && width <= ulong.MaxValue / 4)
            width *= 2;
        return width;
    }

    public static Query CountByStatus(Pipeline spans) =>
        new(null, new MetricsExpression.Aggregate(spans, MetricsFunction.CountOverTime, null, [], [new FieldExpression.Field(Intrinsic.Status)]), []);

    public static void Write(Utf8JsonWriter writer, MetricsResult result, ulong width, TimeRange range)
    {
        writer.WriteString("widthNanos", $"{width}");
        writer.WriteStartArray("bars");
        // The first bucket of the grid ends where the first bar begins, or before: of the range it has no more than the very start.
        for (var bucket = 1; bucket < result.Grid.Count; bucket++)
        {
            var start = result.Grid.StampOf(bucket - 1);
            writer.WriteStartObject();
            writer.WriteString("startTimeUnixNano", (start > range.From ? start : range.From).ToString());
            writer.WriteNumber("error", Count(result, bucket, isError: true) + (bucket == 1 ? Count(result, 0, isError: true) : 0));
            writer.WriteNumber("other", Count(result, bucket, isError: false) + (bucket == 1 ? Count(result, 0, isError: false) : 0));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    static long Count(MetricsResult result, int bucket, bool isError)
    {
        var count = 0.0;
        foreach (var series in result.Series)
        {
            var isOfErrors = series.Labels.Any(label => label.Value == Value.OfStatus(StatusCode.Error));
            if (isOfErrors == isError && double.IsFinite(series.Samples[bucket]))
                count += series.Samples[bucket];
        }

        return (long)count;
    }

    static IEnumerable<ulong> Decades()
    {
        for (var decade = 1UL; decade < Second; decade *= 10)
        {
            foreach (var factor in (ulong[])[1, 2, 5])
                yield return decade * factor;
        }
    }

    static UnixNanos Floor(UnixNanos time, ulong width) => new(time.Value - time.Value % width);

    static ulong CountOf(TimeRange range, ulong width)
    {
        var (whole, rest) = Math.DivRem(range.To.Value - Floor(range.From, width).Value, width);
        return whole + (rest > 0 ? 1UL : 0);
    }
}
