using System.Diagnostics;
using System.Globalization;
using Clew.Model;
using Clew.Storage.Compaction;

namespace Clew.Storage.Benchmarks;

/// <summary>Scans of a whole store, warm: what a query over columns, or over whole traces, costs before anybody looks at what it shows.</summary>
internal static class ScanReport
{
    const int BatchSpans = 500, HeadBatches = 200, Times = 15;

    static readonly SpanProjection Starts = new(SpanFields.Starts), Durations = new(SpanFields.Ends);
    static readonly SpanProjection Tree = new(SpanFields.TraceIds | SpanFields.SpanIds | SpanFields.ParentSpanIds | SpanFields.Names | SpanFields.Statuses);

    /// <param name="args">A folder, which is filled if there is none, and how many spans it then has.</param>
    public static async Task RunAsync(string[] args)
    {
        var folder = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "clew-bench-scans");
        if (!Directory.Exists(folder))
            await FillAsync(folder, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000_000);
        await using var store = await TraceStore.OpenAsync(new StorageOptions(), folder, TimeProvider.System);
        var statistics = store.Statistics;
        Console.WriteLine($"{statistics.SpanCount:N0} spans in {statistics.BlockCount} blocks, {statistics.HeadSpanCount:N0} of them in the head");
        Console.WriteLine("| scan | shown | ms, least | median | CPU ns per stored span |\n|---|---:|---:|---:|---:|");
        await SpansAsync(store, "starts", Starts);
        await SpansAsync(store, "starts and ends", Durations);
        await SpansAsync(store, "starts, names", new SpanProjection(SpanFields.Starts | SpanFields.Names));
        await SpansAsync(store, "starts, a string attribute", Starts with { AttributeKeys = ["model.name"] });
        await SpansAsync(store, "starts, a number attribute", Starts with { AttributeKeys = ["layer.id"] });
        await SpansAsync(store, "everything", SpanProjection.All);
        await SpansAsync(store, "starts, errors", Starts, new SpanCondition.StatusIs(StatusCode.Error));
        await SpansAsync(store, "starts, a name", Starts, new SpanCondition.NameIs("layer.execute"));
        await SpansAsync(store, "starts, a service", Starts, Resource("service.name", "llm"));
        await SpansAsync(store, "starts, 1 in 80 by number", Starts, Number("layer.id", 79));
        await SpansAsync(store, "starts, none by number", Starts, Number("layer.id", 80));
        await SpansAsync(store, "starts, 2 in 10,000 by duration", Starts, new SpanCondition.DurationBetween(39_990_000, ulong.MaxValue));
        await SpansAsync(store, "starts, absent string", Starts, new SpanCondition.AttributeMatches("request.id", new ValueTest.Text(new TextTest.Is("no such")), AttributeOwners.Span));
        await TracesAsync(store, "traces", Tree);
        await TracesAsync(store, "traces with an error", Tree, new SpanCondition.StatusIs(StatusCode.Error));
        await TracesAsync(store, "traces, 2 in 10,000 spans by duration", Tree, new SpanCondition.DurationBetween(39_990_000, ulong.MaxValue));
        await AppendAsync(store, new Workload(2), HeadBatches * BatchSpans);
        await SpansAsync(store, "starts, 100,000 spans more in the head", Starts);
        await TracesAsync(store, "traces, 100,000 spans more in the head", Tree);
    }

    static SpanCondition.AttributeMatches Resource(string key, string text) => new(key, new ValueTest.Text(new TextTest.Is(text)), AttributeOwners.Resource);

    static SpanCondition.AttributeMatches Number(string key, double from) => new(key, new ValueTest.Number(from, double.PositiveInfinity), AttributeOwners.Span);

    static Task SpansAsync(TraceStore store, string name, SpanProjection projection, params SpanCondition[] conditions) => MeasureAsync(store, name, async meter =>
        (await store.ScanSpansAsync(new SpanSelection(TimeRange.All, [.. conditions]), projection, () => new SpanCounter(), meter, default)).Sum(counter => counter.Count));

    static Task TracesAsync(TraceStore store, string name, SpanProjection projection, params SpanCondition[] conditions) => MeasureAsync(store, name, async meter =>
        (await store.ScanTracesAsync(new TraceSelection([new SpanSelection(TimeRange.All, [.. conditions])]), projection, () => new TraceCounter(), meter, default)).Sum(counter => counter.Count));

    static async Task MeasureAsync(TraceStore store, string name, Func<ReadMeter, Task<long>> scan)
    {
        var process = Process.GetCurrentProcess();
        var shown = await scan(ReadMeter.Unlimited());
        var (millis, cpu) = (new double[Times], double.MaxValue);
        for (var at = 0; at < Times; at++)
        {
            process.Refresh();
            var (before, began) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            await scan(ReadMeter.Unlimited());
            millis[at] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            process.Refresh();
            cpu = Math.Min(cpu, (process.TotalProcessorTime - before).TotalNanoseconds);
        }

        Array.Sort(millis);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {shown:N0} | {millis[0]:F1} | {millis[Times / 2]:F1} | {cpu / store.Statistics.SpanCount:F1} |"));
    }

    static async Task FillAsync(string folder, int spanCount)
    {
        Directory.CreateDirectory(folder);
        var options = new StorageOptions();
        await using (var store = await TraceStore.OpenAsync(options, folder, TimeProvider.System))
            await AppendAsync(store, new Workload(1), spanCount);
        await OfflineCompaction.RunAsync(options with { Compaction = new CompactionOptions { MergeBlocksMin = 2 } }, folder, TimeProvider.System, _ => { }, default);
    }

    static async Task AppendAsync(TraceStore store, Workload workload, int spanCount)
    {
        for (var made = 0; made < spanCount; made += BatchSpans)
        {
            var batch = workload.Next(BatchSpans);
            while ((await store.AppendAsync(batch, default)).Outcome != AppendOutcome.Stored)
                await Task.Delay(10);
        }
    }

    sealed class SpanCounter : ISpanConsumer
    {
        ulong _sum;

        public long Count { get; private set; }

        public void Take(SpanBatch batch, ReadOnlySpan<int> rows)
        {
            Count += rows.Length;
            var starts = batch.Spans.Starts.Values;
            foreach (var row in rows)
                _sum += starts[row].Value;
        }
    }

    sealed class TraceCounter : ITraceConsumer
    {
        public long Count { get; private set; }

        public void Take(SpanBatch batch, ReadOnlySpan<RowRange> traces) => Count += traces.Length;
    }
}
