using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Compaction;
using Clew.Storage.Inspection;
using Clew.Storage.Retention;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Compaction;

/// <summary>What merging, levels and expiry do to a store, seen from outside. Histories in which anything fails are the simulation's.</summary>
public sealed class CompactionTests
{
    const int Traces = 40;

    static readonly StorageOptions Options = new()
    {
        SegmentBytesMax = 64 << 10,
        SegmentAgeMax = TimeSpan.FromSeconds(10),
        RowGroupRows = 64,
        Compaction = new CompactionOptions { MergeBlocksMin = 3, BytesPerSecondMax = 0 },
        Retention = new RetentionOptions
        {
            LiveUntil = TimeSpan.FromMinutes(10), KeptUntil = TimeSpan.FromHours(1), WarmUntil = TimeSpan.FromHours(2), ColdUntil = TimeSpan.FromHours(3),
        },
    };

    readonly ManualTime _time = new();
    readonly SimulatedDisk _disk = new(new Random(1));
    readonly List<SpanBatch> _sent = [];

    [Fact]
    public void Merged_blocks_hold_every_span_and_each_trace_in_one_piece()
    {
        var life = Open();
        Fill(life, batches: 60);
        Assert.True(life.Store.Statistics.MergeCount > 0);
        AssertHoldsAll(life);
        foreach (var trace in Enumerable.Range(0, Traces).Select(Batches.Trace))
        {
            var found = life.Scheduler.Run(() => life.Store.FindTraceAsync(trace, default).AsTask());
            Assert.Equal(_sent.Sum(batch => batch.Spans.TraceIds.Values.Count(trace)), found?.SpanCount ?? 0);
        }

        var blocks = _disk.Files.Where(file => file.Key.EndsWith(".block", StringComparison.Ordinal)).Select(file => file.Key).ToArray();
        Assert.Equal(life.Store.Statistics.BlockCount, blocks.Length);
        Assert.All(blocks, AssertIsInOrder);
    }

    [Fact]
    public void Traces_scattered_farther_than_a_merge_reaches_stay_in_several_places_and_are_found_whole()
    {
        var life = Open(Options with
        {
            SegmentBytesMax = 256 << 10,
            RowGroupRows = 16,
            Compaction = new CompactionOptions { MergeBlocksMin = 2, MemoryBytesMax = 1 << 20, BytesPerSecondMax = 0 },
        });
        for (var block = 0; block < 4; block++)
            Fill(life, batches: 40, firstSeed: block * 40);
        Assert.True(life.Store.Statistics.MergeCount > 0);
        AssertHoldsAll(life);
        foreach (var trace in Enumerable.Range(0, Traces).Select(Batches.Trace))
            Assert.Equal(Sent(trace), life.Scheduler.Run(() => life.Store.FindTraceAsync(trace, default).AsTask())?.SpanCount ?? 0);
        var shown = life.Scheduler.Run(
                () => life.Store.ScanTracesAsync(new TraceSelection([]), SpanProjection.All, () => new Scans.Traces(SpanProjection.All), ReadMeter.Unlimited(), default))
            .SelectMany(consumer => consumer.Found).ToList();
        Assert.Equal(_sent.SelectMany(batch => batch.Spans.TraceIds.Values.ToArray()).Distinct().Order(), shown.Select(trace => trace.Id).Order());
        Assert.All(shown, trace => Assert.Equal(Sent(trace.Id), trace.Spans.Length));
        Close(life);
        using var snapshot = StoreSnapshot.Open(_disk.NewProcess());
        Assert.Empty(StoreVerification.Run(snapshot).Damage);
        var runs = Runs(_disk.Files.Where(file => file.Key.EndsWith(".block", StringComparison.Ordinal)).MaxBy(file => file.Value.Current.Length).Key);
        Assert.True(runs.Length > runs.DistinctBy(run => run.Id).Count(), "no trace is in several places.");
        Assert.True(runs.Length < _sent.Sum(batch => batch.SpanCount) / 2, "no parts of a trace came together.");
    }

    [Fact]
    public void Spans_go_through_all_levels_and_then_with_the_lists_of_what_they_were()
    {
        var life = Open();
        Fill(life, batches: 30);
        var seen = new List<StoreLevel>();
        for (var minute = 0; minute < 240; minute++)
        {
            Advance(life, TimeSpan.FromMinutes(1));
            seen.AddRange(life.Store.Statistics.Levels.Select(level => level.Level).Where(level => !seen.Contains(level)));
            if (minute < 175)
                AssertHoldsAll(life);
        }

        Assert.Equal(Enum.GetValues<StoreLevel>(), seen);
        var expired = Assert.Single(life.Store.Statistics.Expired);
        Assert.Equal((StoreLevel.Cold, ExpiryCause.Age, _sent.Sum(batch => batch.SpanCount)), (expired.Level, expired.Cause, expired.SpanCount));
        Assert.Equal(0, life.Store.Statistics.SpanCount);
        Assert.Empty(life.Scheduler.Run(() => life.Store.FindServicesAsync(default).AsTask()));
        Assert.DoesNotContain(_disk.Files, file => file.Key.EndsWith(".block", StringComparison.Ordinal));
        // What was counted survives.
        Close(life);
        Assert.Equal(expired, Assert.Single(Open().Store.Statistics.Expired));
    }

    [Fact]
    public void Rules_drop_whole_quiet_traces_and_what_they_keep_says_why()
    {
        var rules = new SeededRules(StoreLevel.Kept);
        var life = Open(rules: rules);
        Fill(life, batches: 30);
        Advance(life, TimeSpan.FromMinutes(12));
        var dropped = 0;
        foreach (var trace in Enumerable.Range(0, Traces).Select(Batches.Trace))
        {
            var expected = _sent.Sum(batch => batch.Spans.TraceIds.Values.Count(trace));
            var found = life.Scheduler.Run(() => life.Store.FindTraceAsync(trace, default).AsTask());
            var decision = life.Scheduler.Run(() => life.Store.FindDecisionAsync(trace, default).AsTask());
            if (rules.DropsUpTo(trace, StoreLevel.Kept))
            {
                Assert.Null(found);
                Assert.Null(decision);
                dropped++;
            }
            else if (expected > 0)
            {
                Assert.Equal(expected, found!.SpanCount);
                Assert.Equal(new KeepDecision(4, "kept at Kept"), decision);
            }
        }

        Assert.Equal(new DroppedTraces("dropped at Kept", dropped, _sent.Sum(batch => batch.SpanCount) - life.Store.Statistics.SpanCount), Assert.Single(life.Store.Statistics.Dropped));
    }

    [Fact]
    public void A_trace_that_still_gets_spans_moves_on_undecided()
    {
        var rules = new SeededRules(StoreLevel.Kept);
        var life = Open(rules: rules);
        Fill(life, batches: 30);
        Advance(life, TimeSpan.FromMinutes(9));
        var late = Enumerable.Range(0, Traces).Select(Batches.Trace).First(trace => rules.DropsUpTo(trace, StoreLevel.Kept) && Sent(trace) > 0);
        var batch = Batches.Random(77, Traces);
        batch.Spans.TraceIds.Writable.Fill(late);
        Append(life, batch);
        Advance(life, TimeSpan.FromMinutes(3));
        Assert.True(life.Store.Statistics.Dropped.Count > 0);
        Assert.Equal(Sent(late), life.Scheduler.Run(() => life.Store.FindTraceAsync(late, default).AsTask())!.SpanCount);
        Assert.Null(life.Scheduler.Run(() => life.Store.FindDecisionAsync(late, default).AsTask()));
    }

    [Theory]
    [InlineData(56)]
    [InlineData(73)]
    public void A_clock_that_jumps_removes_nothing_for_its_age_until_there_was_time_to_set_it_right(int years)
    {
        var events = new List<StorageEvent>();
        var life = Open(Options with { Retention = Options.Retention with { ColdUntil = TimeSpan.FromDays(2) } }, report: events.Add);
        Fill(life, batches: 30);
        _time.Jump(TimeSpan.FromDays(365 * years));
        for (var minute = 0; minute < 300; minute++)
            Advance(life, TimeSpan.FromMinutes(1));
        AssertHoldsAll(life);
        Assert.Contains("storage.retention.cold_until", Assert.Single(events, told => told.Message.Contains("clock jumped", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
        _time.Jump(TimeSpan.FromDays(-365 * years));
        for (var minute = 0; minute < 400; minute++)
            Advance(life, TimeSpan.FromMinutes(1));
        AssertHoldsAll(life);
        for (var hour = 0; hour < 48; hour++)
            Advance(life, TimeSpan.FromHours(1));
        Assert.Equal(0, life.Store.Statistics.SpanCount);
        Assert.Equal(2, events.Count(told => told.Message.Contains("clock jumped", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_damaged_block_is_named_once_left_alone_and_the_others_are_merged()
    {
        var life = Open(Options with { Compaction = Options.Compaction with { MergeBlocksMin = 64 } });
        Fill(life, batches: 150);
        Close(life);
        var blocks = _disk.Files.Where(file => file.Key.EndsWith(".block", StringComparison.Ordinal)).OrderBy(file => file.Key, StringComparer.Ordinal).ToArray();
        Assert.True(blocks.Length > 4);
        blocks[1].Value.Flip(300, 3);
        life = Open();
        for (var minute = 0; minute < 5; minute++)
            Advance(life, TimeSpan.FromMinutes(1));
        Assert.True(life.Store.Statistics.MergeCount > 0);
        Assert.Contains(_disk.Files, file => file.Key == blocks[1].Key);
        Assert.DoesNotContain(_disk.Files, file => file.Key == blocks[0].Key);
        Assert.Contains(blocks[1].Key, Assert.Single(life.Store.Statistics.Damage, place => place.Contains("not merged", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_whose_dictionaries_do_not_fit_into_memory_together_stay_apart_and_the_others_are_merged()
    {
        var events = new List<StorageEvent>();
        var life = Open(
            Options with { SegmentBytesMax = 1 << 20, HeadBytesMax = 64 << 20, Compaction = Options.Compaction with { MergeBlocksMin = 2, MemoryBytesMax = 1 << 20 } }, report: events.Add);
        for (var large = 0; large < 4; large++)
        {
            Append(life, ManyResources(large, count: 2_000));
            Advance(life, TimeSpan.FromSeconds(15));
            Append(life, Batches.Random(large, Traces));
            Advance(life, TimeSpan.FromSeconds(15));
            Advance(life, TimeSpan.FromSeconds(15));
        }

        Assert.True(life.Store.Statistics.MergeCount > 0);
        // Of the large ones no two fit together; a small one goes with any of them.
        Assert.Equal(4, life.Store.Statistics.BlockCount);
        Assert.Contains(events, told => told.Message.Contains("storage.compaction.memory_bytes_max", StringComparison.Ordinal));
        AssertHoldsAll(life);
    }

    // As from functions that each run once.
    static SpanBatch ManyResources(int seed, int count)
    {
        var batch = new SpanBatch();
        for (var number = 0; number < count; number++)
        {
            batch.Resources.Attributes.Add(batch.Strings.Intern("function.run"u8), AnyValue.OfString(batch.Strings.Intern(System.Text.Encoding.UTF8.GetBytes($"run {number} of function {seed}"))));
            batch.Scopes.End(batch.Resources.End(0, 0), 0, 0, 0, 0);
            var id = (ulong)(seed * count + number + 1);
            batch.EndSpan(new SpanRow { TraceId = new TraceId(7, id), SpanId = new SpanId(id), Start = new UnixNanos(id), End = new UnixNanos(id + 1), Scope = number, Name = batch.Strings.Intern("run"u8) });
        }

        return batch;
    }

    [Fact]
    public void A_block_that_cannot_be_read_for_a_while_is_merged_when_it_can_again()
    {
        using var temporary = new TemporaryFolder();
        var folder = new HinderedFolder(temporary.Path);
        var events = new List<StorageEvent>();
        var life = Open(Options with { Compaction = Options.Compaction with { MergeBlocksMin = 64 } }, folder: folder);
        Fill(life, batches: 150);
        Close(life);
        var ill = Directory.GetFiles(temporary.Path, "*.block").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ElementAt(1);
        var reopened = Open(folder: folder, report: events.Add);
        var attempts = 0;
        folder.Before = (verb, name) =>
        {
            if (verb == "read" && name == ill && ++attempts > 0)
                throw new IOException($"{name}: Input/output error");
        };
        for (var minute = 0; minute < 30; minute++)
            Advance(reopened, TimeSpan.FromMinutes(1));
        Assert.True(reopened.Store.Statistics.MergeCount > 0);
        Assert.True(File.Exists(temporary[ill]));
        Assert.InRange(attempts, 3, 6);
        Assert.Contains(ill, Assert.Single(events, told => told.Message.Contains("Input/output error", StringComparison.Ordinal)).Message, StringComparison.Ordinal);

        folder.Before = (_, _) => { };
        for (var minute = 0; minute < 60; minute++)
            Advance(reopened, TimeSpan.FromMinutes(1));
        Assert.False(File.Exists(temporary[ill]));
        Assert.Empty(reopened.Store.Statistics.Damage);
        AssertHoldsAll(reopened);
        Close(reopened);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_block_that_could_not_be_opened_is_decided_after_the_next_start_unless_its_file_is_gone(bool isGone)
    {
        using var temporary = new TemporaryFolder();
        var folder = new HinderedFolder(temporary.Path);
        var life = Open(Options with { Compaction = Options.Compaction with { MergeBlocksMin = 64 } }, folder: folder);
        Fill(life, batches: 60);
        Close(life);
        var ill = Manifest.Load(folder).Blocks[1].Id;
        if (isGone)
            File.Delete(temporary[FileNames.Block(ill)]);
        else
            folder.Before = (verb, name) => ThrowIf(verb == "open" && name == FileNames.Block(ill));
        var rules = new SeededRules(StoreLevel.Kept);
        var reopened = Open(folder: folder, rules: rules);
        Advance(reopened, TimeSpan.FromMinutes(12));
        Close(reopened);
        folder.Before = (_, _) => { };
        // Where there is nothing to decide about any more, it moves on.
        Assert.Equal(isGone ? StoreLevel.Kept : StoreLevel.Live, Manifest.Load(folder).Blocks.Single(block => block.Id == ill).Level);
        if (isGone)
            return;
        reopened = Open(folder: folder, rules: rules);
        Advance(reopened, TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(Manifest.Load(folder).Blocks, block => block.Id == ill);
        Close(reopened);

        static void ThrowIf(bool isIll)
        {
            if (isIll)
                throw new IOException("Too many open files");
        }
    }

    [Fact]
    public void Without_its_manifest_a_store_finds_merged_blocks_and_what_they_replace_once()
    {
        for (var crashAt = 1; crashAt < 200; crashAt++)
        {
            var disk = new SimulatedDisk(new Random(crashAt));
            _sent.Clear();
            var life = Open(disk: disk);
            Fill(life, batches: 25);
            disk.CrashAt = disk.OperationCount + crashAt;
            var later = Enumerable.Range(100, 25).Select(seed => Batches.Rented(Batches.Random(seed, Traces)))
                .Select(batch => life.Scheduler.Start(() => life.Store.AppendAsync(batch, default).AsTask())).ToArray();
            life.Scheduler.RunUntilIdle();
            Assert.Equal(25, later.Length);
            disk.Kill();
            disk.NewProcess().Delete(FileNames.Manifest);
            life = Open(disk: disk);
            var ids = ReadAll(life).Select(span => BatchHashOf(span.Batch, span.Row)).ToList();
            Assert.True(ids.Count == ids.Distinct().Count(), $"crash at {crashAt}: spans are there twice.");
            var held = ids.ToHashSet();
            Assert.True(_sent.SelectMany(batch => Batches.Rows(batch)).All(span => held.Contains(BatchHashOf(span.Batch, span.Row))), $"crash at {crashAt}: spans are lost.");
            if (disk.OperationCount < disk.CrashAt && disk.CrashAt != long.MaxValue)
                return;
        }
    }

    [Fact]
    public void A_full_disk_costs_the_oldest_spans_or_takes_no_new_ones_as_configured()
    {
        foreach (var whenFull in Enum.GetValues<WhenFull>())
        {
            var disk = new SimulatedDisk(new Random(1)) { CapacityBytes = 1 << 20 };
            _sent.Clear();
            var life = Open(Options with { FreeBytesMin = 64 << 10, Retention = Options.Retention with { WhenFull = whenFull } }, disk: disk);
            var refused = 0;
            for (var seed = 0; seed < 800; seed++)
            {
                var batch = Batches.Random(seed, Traces);
                var answer = life.Scheduler.Run(() => life.Store.AppendAsync(Batches.Rented(batch), default).AsTask());
                refused += answer.Outcome == AppendOutcome.Stored ? 0 : 1;
                Advance(life, TimeSpan.FromSeconds(2));
            }

            Assert.Equal(whenFull == WhenFull.Expire, life.Store.Statistics.Expired.Any(expired => expired is { Cause: ExpiryCause.Budget, SpanCount: > 0 }));
            Assert.True(whenFull == WhenFull.Expire ? refused < 40 : refused > 100, $"{whenFull}: {refused} of 800 batches are refused.");
        }
    }

    static ulong BatchHashOf(SpanBatch batch, int row) => batch.Spans.SpanIds[row].Value ^ (batch.Spans.TraceIds[row].High * 31) ^ batch.Spans.Starts[row].Value;

    long Sent(TraceId trace) => _sent.Sum(batch => batch.Spans.TraceIds.Values.Count(trace));

    void AssertIsInOrder(string name)
    {
        var runs = Runs(name);
        var traces = new HashSet<TraceId>();
        for (var run = 0; run < runs.Length; run++)
        {
            if (run > 0 && runs[run].Id == runs[run - 1].Id)
                continue;
            Assert.True(traces.Add(runs[run].Id), $"{name}: a trace is in two pieces.");
            Assert.True(run == 0 || RowOrder.CompareTraces(runs[run - 1].Start, runs[run - 1].Id, runs[run].Start, runs[run].Id) < 0 || runs[run - 1].FirstRow == 0, $"{name}: traces are out of order.");
        }
    }

    TraceRun[] Runs(string block)
    {
        using var file = new BlockFile(_disk.NewProcess().OpenToRead(block));
        var index = file.ReadIndex();
        using var reader = new RowGroupReader(file, BlockTables.Read(file, index));
        return [.. index.Groups.SelectMany(reader.ReadRuns)];
    }

    void AssertHoldsAll(Life life) => Batches.AssertSameSpans(_sent.SelectMany(batch => Batches.Rows(batch)), ReadAll(life), "scan");

    static List<(SpanBatch Batch, int Row)> ReadAll(Life life) => life.Scheduler.Run(async () =>
    {
        var spans = new List<(SpanBatch, int)>();
        await foreach (var batch in life.Store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
            spans.AddRange(Batches.Rows(batch));
        return spans;
    });

    void Fill(Life life, int batches, int firstSeed = 0)
    {
        for (var seed = firstSeed; seed < firstSeed + batches; seed++)
            Append(life, Batches.Random(seed, Traces));
        // Old enough to be sealed, large or not.
        Advance(life, TimeSpan.FromSeconds(15));
        Advance(life, TimeSpan.FromSeconds(15));
    }

    void Append(Life life, SpanBatch batch)
    {
        _sent.Add(batch);
        Assert.Equal(AppendOutcome.Stored, life.Scheduler.Run(() => life.Store.AppendAsync(Batches.Rented(batch), default).AsTask()).Outcome);
        life.Scheduler.RunUntilIdle();
    }

    void Advance(Life life, TimeSpan step)
    {
        _time.Advance(step);
        life.Scheduler.RunUntilIdle();
    }

    static void Close(Life life) => life.Scheduler.Run(async () =>
    {
        await life.Store.DisposeAsync();
        return true;
    });

    Life Open(StorageOptions? options = null, SimulatedDisk? disk = null, IKeepRules? rules = null, Action<StorageEvent>? report = null, HinderedFolder? folder = null)
    {
        var scheduler = new SeededScheduler(new Random(1));
        var threads = new StoreThreads(scheduler, scheduler, scheduler);
        return new Life(scheduler, TraceStore.Open(options ?? Options, folder ?? (disk ?? _disk).NewProcess(), _time, threads, report ?? (_ => { }), default, rules));
    }

    sealed record Life(SeededScheduler Scheduler, TraceStore Store);
}
