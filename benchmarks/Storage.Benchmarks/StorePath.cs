using System.Diagnostics;
using System.Globalization;
using Clew.Model;

namespace Clew.Storage.Benchmarks;

/// <summary>The whole path from batches to blocks and back, in one process, with real files and flushes.</summary>
internal static class StorePath
{
    const int BatchSpans = 500, Wave = 200, Connections = 8;

    /// <param name="args">Spans, folder, rows per group; each may be left out.</param>
    public static async Task RunAsync(string[] args)
    {
        var spanCount = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2_000_000;
        var folder = args.Length > 1 ? args[1] : Directory.CreateTempSubdirectory("clew-bench-").FullName;
        var process = Process.GetCurrentProcess();
        var workload = new Workload(1);
        var options = new StorageOptions { RowGroupRows = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : new StorageOptions().RowGroupRows };
        double appendCpu = 0, appendWall = 0;
        var store = await TraceStore.OpenAsync(options, folder, TimeProvider.System);
        for (var made = 0; made < spanCount; made += Wave * BatchSpans)
        {
            // The batches are made outside of what is measured.
            var batches = Enumerable.Range(0, Wave).Select(_ => workload.Next(BatchSpans)).ToArray();
            var (cpu, wall) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (batch, cancellation) =>
            {
                while ((await store.AppendAsync(batch, cancellation)).Outcome != AppendOutcome.Stored)
                    await Task.Delay(10, cancellation);
            });
            while (store.Statistics.SegmentCount > 1)
                await Task.Delay(5);
            process.Refresh();
            appendCpu += (process.TotalProcessorTime - cpu).TotalSeconds;
            appendWall += Stopwatch.GetElapsedTime(wall).TotalSeconds;
        }

        var statistics = store.Statistics;
        Print("append + seal, CPU µs per span", appendCpu / spanCount * 1e6);
        Print("spans per CPU second", spanCount / appendCpu);
        Print("spans per second", spanCount / appendWall);
        Print("write-ahead bytes per span", (double)statistics.AppendedBytes / spanCount);
        Print("block bytes per span", (double)statistics.BlockBytes / Math.Max(1, statistics.SpanCount - statistics.HeadSpanCount));
        Print("flushes", statistics.FlushCount);
        Print("mean flush ms", statistics.FlushSeconds / statistics.FlushCount * 1e3);
        Print("peak memory MiB", process.PeakWorkingSet64 / 1048576.0);

        var random = new Random(2);
        var end = new UnixNanos(ulong.MaxValue);
        await Measure("trace by id", 500, async () => await store.FindTraceAsync(workload.Finished[random.Next(workload.Finished.Count)], default));
        await Measure("unknown trace", 500, async () => await store.FindTraceAsync(new TraceId((ulong)random.NextInt64(), (ulong)random.NextInt64()), default));
        await Search(store, "service", new SpanCondition.ServiceIs("llm"));
        await Search(store, "service + name", new SpanCondition.ServiceIs("llm"), new SpanCondition.NameIs("layer.execute"));
        await Search(store, "duration > 39.99 ms", new SpanCondition.DurationBetween(39_990_000, ulong.MaxValue));
        await Search(store, "errors", new SpanCondition.StatusIs(StatusCode.Error));
        await Search(store, "common attribute", new SpanCondition.AttributeIs("model.name", "qwen2.5-72b", AttributeOwners.Any));
        await Measure("unique attribute", 200, async () => await store.FindTracesAsync(
            new SpanSelection(TimeRange.All, [new SpanCondition.AttributeIs("request.id", workload.RequestIds[random.Next(workload.RequestIds.Count)], AttributeOwners.Any)]), 20, default));
        await Search(store, "absent attribute", new SpanCondition.AttributeIs("request.id", "no such", AttributeOwners.Any));
        await Measure("services", 100, async () => await store.FindServicesAsync(default));

        await store.DisposeAsync();
        var opening = Stopwatch.GetTimestamp();
        store = await TraceStore.OpenAsync(options, folder, TimeProvider.System);
        Print($"reopen ms ({store.Statistics.HeadSpanCount} spans to replay)", Stopwatch.GetElapsedTime(opening).TotalMilliseconds);
        await store.DisposeAsync();
        if (args.Length < 2)
            Directory.Delete(folder, recursive: true);
    }

    static Task Search(TraceStore store, string name, params SpanCondition[] conditions) =>
        Measure(name, 40, async () => await store.FindTracesAsync(new SpanSelection(TimeRange.All, [.. conditions]), 20, default));

    static async Task Measure(string name, int times, Func<Task> query)
    {
        var millis = new double[times];
        for (var at = 0; at < times; at++)
        {
            var began = Stopwatch.GetTimestamp();
            await query();
            millis[at] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(millis);
        Console.WriteLine($"{name,-45} p50 {millis[times / 2],9:F3} ms   p99 {millis[times * 99 / 100],9:F3} ms");
    }

    static void Print(string name, double value) => Console.WriteLine($"{name,-45} {value,12:N2}");
}
