using System.Globalization;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>Metrics of random spans at random times, against the same worked out span by span.</summary>
public sealed class JaegerPerformanceOracleTests
{
    const int Rounds = 300, SpanCount = 400;

    const long StartMillis = 1_700_000_000_000, RangeMillis = 60_000;

    readonly record struct Call(long NanosSinceStart, ulong DurationNanos, bool IsError);

    readonly record struct Question(string Metric, double Quantile, long End, long Lookback, long Step, long Window)
    {
        public string Path => string.Create(
            CultureInfo.InvariantCulture, $"/api/metrics/{Metric}?service=shop&quantile={Quantile}&endTs={End}&lookback={Lookback}&step={Step}&ratePer={Window}");
    }

    [Fact]
    public async Task Every_point_says_what_its_window_holds()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var server = await ServerUnderTest.StartAsync();
        Call[] calls = [.. Enumerable.Range(0, SpanCount).Select(_ => NextCall(random))];
        var spans = new Spans();
        foreach (var (at, call) in calls.Index())
        {
            var start = (ulong)(StartMillis * 1_000_000 + call.NanosSinceStart);
            spans.Span((ulong)at + 1, start: start, end: start + call.DurationNanos, kind: SpanKind.Server, status: call.IsError ? StatusCode.Error : StatusCode.Unset);
        }

        await server.Store.AppendAsync(spans.Batch, default);
        for (var round = 0; round < Rounds; round++)
        {
            var question = NextQuestion(random);
            var (_, answer) = await server.GetJsonAsync(question.Path);
            var problem = ProblemOf(question, answer, calls);
            Assert.True(problem is null, $"seed {seed}, round {round}, {question.Path}: {problem}");
        }
    }

    // Some on whole seconds, where buckets end.
    static Call NextCall(Random random)
    {
        var start = random.NextInt64(RangeMillis * 1_000_000);
        return new Call(random.Next(4) == 0 ? start - start % 1_000_000_000 : start, (ulong)Math.Exp(random.NextDouble() * 15 + 8), random.Next(3) == 0);
    }

    static Question NextQuestion(Random random)
    {
        var unit = (long[])[100, 250, 1_000, 5_000];
        var measure = unit[random.Next(unit.Length)];
        return new Question(
            ((string[])["calls", "errors", "latencies"])[random.Next(3)], random.Next(0, 21) / 20.0, StartMillis + random.NextInt64(RangeMillis / 2, RangeMillis), random.NextInt64(RangeMillis),
            measure * random.Next(1, 7), measure * random.Next(1, 7));
    }

    static string? ProblemOf(Question question, JsonElement answer, Call[] calls)
    {
        if (!answer.TryGetProperty("metrics", out var metrics))
            return answer.GetRawText();
        // There is a series wherever a window could have had a span, even if the points leave it out.
        if (metrics.GetArrayLength() == 0)
            return calls.Any(call => IsBetween(call, question.End - question.Lookback, question.End - question.Step)) ? "no series" : null;
        var points = metrics[0].GetProperty("metricPoints").EnumerateArray().Select(point =>
            (Time: point.GetProperty("timestamp").GetDateTimeOffset().ToUnixTimeMilliseconds(), Value: ValueOf(point.GetProperty("gaugeValue").GetProperty("doubleValue")))).ToArray();
        var newest = points[^1].Time;
        if (newest > question.End || question.End - newest >= Math.Min(question.Step, question.Window))
            return $"the last point is at {newest}";
        if (points.Length > 1 && (points[0].Time < question.End - question.Lookback || points.Zip(points.Skip(1)).Any(pair => pair.Second.Time - pair.First.Time != question.Step)))
            return "the points are not where they belong";
        return points
            .Select(point => ProblemOf(question, point.Time, point.Value, [.. calls.Where(call => IsBetween(call, point.Time - question.Window, point.Time))]))
            .FirstOrDefault(problem => problem is not null);
    }

    static string? ProblemOf(Question question, long time, double value, Call[] window)
    {
        var holds = question.Metric switch
        {
            "calls" => Math.Abs(value - window.Length * 1_000.0 / question.Window) < 1e-9,
            _ when window.Length == 0 => double.IsNaN(value),
            "errors" => Math.Abs(value - window.Count(call => call.IsError) / (double)window.Length) < 1e-9,
            _ => Math.Abs(Math.Log2(value / (DurationAt(window, question.Quantile) / 1e6))) <= 1.000001,
        };
        return holds ? null : $"{value} at {time} of {window.Length} spans";
    }

    static double DurationAt(Call[] window, double quantile) =>
        window.Select(call => call.DurationNanos).Order().ElementAt(Math.Max(0, (int)Math.Ceiling(quantile * window.Length - 1e-9) - 1));

    // A window is open where it begins, closed where it ends.
    static bool IsBetween(Call call, long afterMillis, long toMillis) =>
        call.NanosSinceStart > (afterMillis - StartMillis) * 1_000_000 && call.NanosSinceStart <= (toMillis - StartMillis) * 1_000_000;

    static double ValueOf(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
