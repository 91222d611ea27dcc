using System.Diagnostics;
using System.Globalization;
using Clew.Model;
using Clew.Storage;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Searching;

namespace Clew.TraceQL.Benchmarks;

/// <summary>Whole queries over a data folder that <c>clew load</c> filled, warm, from text to result.</summary>
internal static class QueryReport
{
    static readonly string[] Queries =
    [
        "{ } | rate()",
        "{ } | rate() by (resource.service.name)",
        "{ } | rate() by (resource.service.name, name)",
        "{ status = error } | rate() by (resource.service.name)",
        "{ nestedSetParent < 0 } | rate() by (resource.service.name)",
        "{ } | quantile_over_time(duration, 0.5, 0.99) by (resource.service.name)",
        "{ span.http.response.status_code >= 500 } | count_over_time()",
        "{ resource.service.name =~ `.*gateway.*` && kind = server } | avg_over_time(duration)",
        "{ } >> { status = error } | rate()",
        "{ status = error }",
        "{ name = `no such name` }",
        "{ .no.such.key = `x` }",
        "{ duration > 10s && status = error }",
        "{ kind = server } >> { status = error }",
        "{ kind = server } > { kind = server && status = error }",
        "{ status = error } >> { kind = server && duration > 1h }",
        "{ status = error } ~ { kind = producer }",
        "{ } | count() > 1000",
        "{ } | by(resource.service.name) | count() > 5000",
        "{ status = error } && { duration > 5s }",
        "{ rootServiceName = `no such service` }",
    ];

    /// <param name="args">The folder, and how many times each query is asked.</param>
    public static async Task RunAsync(string[] args)
    {
        var times = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 15;
        await using var store = await TraceStore.OpenAsync(new StorageOptions(), args[0], TimeProvider.System);
        var engine = new TraceQLEngine(store, TimeProvider.System);
        var range = await RangeAsync(store);
        var (from, to) = (range.From.ToDateTimeOffset(), range.To.ToDateTimeOffset());
        Console.WriteLine($"{store.Statistics.SpanCount:N0} spans in {store.Statistics.BlockCount} blocks, from {from:T} to {to:T}; each query {times} times, after three\n");
        Console.WriteLine("| query | answer | p50 | least | most | CPU | rows read | of them found |\n|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var text in Queries)
            await MeasureAsync(engine, text, range, times);
    }

    static async Task MeasureAsync(TraceQLEngine engine, string text, TimeRange range, int times)
    {
        for (var warm = 0; warm < 3; warm++)
            await AskAsync(engine, text, range);
        var millis = new double[times];
        var answer = ("", ReadMeter.Unlimited());
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        for (var at = 0; at < times; at++)
        {
            var began = Stopwatch.GetTimestamp();
            answer = await AskAsync(engine, text, range);
            millis[at] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        var cpu = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / times;
        Array.Sort(millis);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| `{text.Replace("|", "\\|", StringComparison.Ordinal)}` | {answer.Item1} | {millis[times / 2]:F1} ms | {millis[0]:F1} | {millis[^1]:F1} | {cpu:F1} ms | {answer.Item2.RowCount:N0} | {answer.Item2.FoundRowCount:N0} |"));
    }

    static async Task<(string Answer, ReadMeter Reads)> AskAsync(TraceQLEngine engine, string text, TimeRange range)
    {
        if (!TraceQLQuery.TryCompile(text, out var query, out var error))
            throw new InvalidOperationException($"{text}: {error}");
        if (query.Metrics is null)
        {
            var found = await engine.SearchAsync(query, new SearchRequest { Range = range, Budget = QueryBudget.Unlimited }, default);
            return ($"{found.Traces.Count} traces", found.Report.Reads);
        }

        var step = Math.Max(1, range.From.NanosUntil(range.To) / 100_000_000_000) * 1_000_000_000;
        var metrics = await engine.MetricsAsync(query, new MetricsRequest { Start = range.From, End = range.To, StepNanos = step, Budget = QueryBudget.Unlimited }, default);
        return ($"{metrics.Series.Count} series", metrics.Report.Reads);
    }

    // From the first start to the last.
    static async Task<TimeRange> RangeAsync(TraceStore store)
    {
        var bounds = await store.ScanSpansAsync(SpanSelection.All, new SpanProjection(SpanFields.Starts), () => new Bounds(), ReadMeter.Unlimited(), default);
        return new TimeRange(new UnixNanos(bounds.Min(one => one.From)), new UnixNanos(bounds.Max(one => one.To)));
    }

    sealed class Bounds : ISpanConsumer
    {
        public ulong From { get; private set; } = ulong.MaxValue;

        public ulong To { get; private set; }

        public void Take(SpanBatch batch, ReadOnlySpan<int> rows)
        {
            foreach (var row in rows)
            {
                var start = batch.Spans.Starts[row].Value;
                (From, To) = (Math.Min(From, start), Math.Max(To, start));
            }
        }
    }
}
