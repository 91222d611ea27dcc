using Clew.Model;

namespace Clew.Storage.Tests.Simulation;

/// <summary>Bits that flip by themselves: detected, named, and never more lost than what they touch.</summary>
public sealed class DamageTests
{
    const int Traces = 25, Fillings = 5;

    static readonly StorageOptions Options = new() { SegmentBytesMax = 64 << 10, RowGroupRows = 64 };

    // Closed in good order, so that the end of each segment is marked: damage to the last write of a crash looks like the crash itself.
    static readonly Lazy<(SimulatedDisk Disk, Oracle Oracle)>[] Filled = [.. Enumerable.Range(1, Fillings).Select(seed => new Lazy<(SimulatedDisk, Oracle)>(() => Fill(seed)))];

    [Theory]
    [InlineData("segment", 100)]
    [InlineData("block", 250)]
    [InlineData("manifest", 30)]
    public void A_flipped_bit_costs_at_most_what_is_reported_and_the_rest_is_answered_as_it_was(string kind, int seeds) => Repeat(kind, seeds, (random, file) =>
        file.Flip(random.Next(file.Current.Length), random.Next(8)));

    [Theory]
    [InlineData("block", 50)]
    [InlineData("manifest", 20)]
    public void A_file_cut_short_costs_at_most_what_is_reported(string kind, int seeds) => Repeat(kind, seeds, (random, file) =>
        file.SetLength(random.Next(file.Current.Length)));

    [Theory]
    [InlineData("block")]
    [InlineData("manifest")]
    public void A_file_that_is_gone_is_missed(string kind)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (disk, oracle, random) = Copy(seed);
            var (name, _) = Choose(disk, kind, random);
            disk.NewProcess().Delete(name);
            Verify(disk, oracle, $"seed {seed}: {name} deleted", name);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_segment_that_is_gone_or_empty_among_others_is_missed(bool isGone)
    {
        var random = new Random(1);
        var (disk, oracle) = (new SimulatedDisk(random), new Oracle());
        for (var start = 0; start < 3; start++)
        {
            // Each start begins a segment of its own, and none is large enough to be sealed.
            var (scheduler, store) = Open(disk, random);
            Append(scheduler, store, oracle, random);
            Close(scheduler, store);
        }

        oracle.Disconnect();
        var segments = disk.Files.Select(file => file.Key).Where(name => name.Contains("segment", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        Assert.True(segments.Length > 2);
        if (isGone)
            disk.NewProcess().Delete(segments[1]);
        else
            disk.Files.Single(file => file.Key == segments[1]).Value.SetLength(0);
        Verify(disk, oracle, $"{segments[1]} deleted or emptied", segments[1]);
    }

    [Fact]
    public void A_version_of_a_block_that_no_program_writes_costs_the_block_and_not_the_start()
    {
        for (var bit = 8; bit < 32; bit++)
        {
            var (disk, oracle, random) = Copy(bit);
            var (name, file) = Choose(disk, "block", random);
            file.Flip(8 + bit / 8, bit % 8);
            Verify(disk, oracle, $"{name}: bit {bit} of its version flipped", name);
        }
    }

    static void Repeat(string kind, int seeds, Action<Random, SimulatedFile> harm) => Parallel.For(1, seeds + 1, seed =>
    {
        var (disk, oracle, random) = Copy(seed);
        var (name, file) = Choose(disk, kind, random);
        var before = file.Current.ToArray();
        harm(random, file);
        var at = before.AsSpan().CommonPrefixLength(file.Current);
        Verify(disk, oracle, $"seed {seed}: {name} harmed at {at} of {before.Length}", name);
    });

    static (SimulatedDisk Disk, Oracle Oracle, Random Random) Copy(int seed)
    {
        var random = new Random(seed);
        var (disk, oracle) = Filled[seed % Fillings].Value;
        return (disk.Copy(random), oracle, random);
    }

    static KeyValuePair<string, SimulatedFile> Choose(SimulatedDisk disk, string kind, Random random) =>
        random.GetItems(disk.Files.Where(file => file.Key.Contains(kind, StringComparison.Ordinal)).ToArray(), 1)[0];

    static (SimulatedDisk Disk, Oracle Oracle) Fill(int seed)
    {
        var random = new Random(seed);
        var disk = new SimulatedDisk(random);
        var oracle = new Oracle();
        var (scheduler, store) = Open(disk, random);
        for (var batch = 0; batch < 45; batch++)
            Append(scheduler, store, oracle, random);
        oracle.Disconnect();
        Assert.True(store.Statistics is { BlockCount: > 1, SegmentCount: > 0 });
        Close(scheduler, store);
        return (disk, oracle);
    }

    static void Append(SeededScheduler scheduler, TraceStore store, Oracle oracle, Random random)
    {
        var sent = oracle.Add(Batches.Random(random.Next(), Traces));
        sent.Answer = scheduler.Start(() => store.AppendAsync(Batches.Rented(sent.Batch), default).AsTask());
        scheduler.RunUntilIdle();
    }

    static void Close(SeededScheduler scheduler, TraceStore store) => scheduler.Run(async () =>
    {
        await store.DisposeAsync();
        return true;
    });

    // Segments are replayed, so a second start sees what the first one made of the damage.
    static void Verify(SimulatedDisk disk, Oracle oracle, string context, string name)
    {
        var losses = new List<int>();
        for (var start = 0; start < 2; start++)
        {
            var (scheduler, store) = Open(disk, new Random(1));
            var found = oracle.Group(ReadAll(scheduler, store), context);
            var lost = oracle.Stored.Sum(batch => batch.SpanCount) - found.Sum(batch => batch.Value.Count);
            var damage = store.Statistics.Damage;
            Assert.True(lost == 0 || damage.Count > 0, $"{context}: {lost} spans are lost and nothing says so.");
            if (start == 0)
                Assert.True(damage.All(place => place.Contains(name, StringComparison.Ordinal)), $"{context}: {string.Join(' ', damage)}");
            CheckTraces(scheduler, store, oracle, found, context);
            losses.Add(lost);
            disk.Kill();
        }

        Assert.True(losses[0] == losses[1], $"{context}: {losses[0]} spans lost at the first start, {losses[1]} at the second.");
    }

    static List<(SpanBatch Batch, int Row)> ReadAll(SeededScheduler scheduler, TraceStore store) => scheduler.Run(async () =>
    {
        var spans = new List<(SpanBatch, int)>();
        await foreach (var batch in store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
            spans.AddRange(Batches.Rows(batch));
        return spans;
    });

    // By id there is no less than a scan finds, and more where what is damaged belongs to other traces of the row group; by search nothing that was never stored.
    static void CheckTraces(SeededScheduler scheduler, TraceStore store, Oracle oracle, Dictionary<ulong, HashSet<int>> scanned, string context)
    {
        var rows = 0;
        for (var trace = 0; trace < Traces; trace++)
        {
            var id = Batches.Trace(trace);
            rows += oracle.Group(Batches.Rows(scheduler.Run(() => store.FindTraceAsync(id, default).AsTask())), context).Sum(batch => batch.Value.Count);
        }

        Assert.True(rows >= scanned.Sum(batch => batch.Value.Count), $"{context}: {rows} spans by trace id, {scanned.Sum(batch => batch.Value.Count)} by scan.");
        foreach (var condition in (SpanCondition[])[new SpanCondition.NameIs("text-5"), new SpanCondition.AttributeIs("text-4", "text-5", AttributeOwners.Any)])
        {
            var selection = new SpanSelection(TimeRange.All, [condition]);
            var found = scheduler.Run(() => store.FindTracesAsync(selection, 100, default).AsTask());
            var all = Selections.Newest(oracle.Stored, selection, 100).Select(match => match.Id).ToHashSet();
            Assert.True(found.All(match => all.Contains(match.Id)), $"{context}: a search found what is not there.");
        }

        // Scans show each span once, as it was sent, and the traces are all of those that can be read.
        var spans = scheduler.Run(() => store.ScanSpansAsync(SpanSelection.All, SpanProjection.All, () => new Scans.Spans(SpanProjection.All), ReadMeter.Unlimited(), default));
        var shown = oracle.Group(spans.SelectMany(consumer => consumer.Found), context).Sum(batch => batch.Value.Count);
        var traces = scheduler.Run(() => store.ScanTracesAsync(new TraceSelection([]), SpanProjection.All, () => new Scans.Traces(SpanProjection.All), ReadMeter.Unlimited(), default));
        var whole = oracle.Group(traces.SelectMany(consumer => consumer.Found).SelectMany(trace => trace.Spans), context).Sum(batch => batch.Value.Count);
        var read = scanned.Sum(batch => batch.Value.Count);
        Assert.True(shown >= read && whole >= read, $"{context}: {read} spans are read, {shown} shown, {whole} in traces.");
    }

    static (SeededScheduler Scheduler, TraceStore Store) Open(SimulatedDisk disk, Random random)
    {
        var scheduler = new SeededScheduler(random);
        return (scheduler, TraceStore.Open(Options, disk.NewProcess(), new ManualTime(), new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default));
    }
}
