using Clew.Model;
using Clew.Storage.Compaction;
using Clew.Storage.Retention;

namespace Clew.Storage.Tests.Simulation;

/// <summary>One life of a store, drawn from a seed: appends, queries, merges, expiry, failures of the disk, crashes and recoveries in any order, compared with the oracle all along.</summary>
internal sealed class History
{
    /// <summary>One history in so many has large batches, segments and row groups. All the others are cheap, and have as many of everything else.</summary>
    const int LargeShare = 16;

    const int Traces = 30, Turns = 60;

    readonly int _seed;
    readonly Random _random;
    readonly SimulatedDisk _disk;
    readonly ManualTime _time = new();
    readonly Oracle _oracle;
    readonly HistorySize _size;
    readonly StorageOptions _options;
    readonly SeededRules? _rules;
    readonly bool _fails;

    // Traces come and go, or are there as long as the history lasts.
    readonly bool _tracesEnd;
    SeededScheduler _scheduler;
    TraceStore _store;
    int _turn;

    History(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _disk = new SimulatedDisk(_random);
        _oracle = new Oracle { MayBeGone = MayBeGone };
        _fails = _random.Next(2) == 0;
        _size = _random.Next(LargeShare) == 0 ? HistorySize.Large : HistorySize.Small;
        _options = RandomOptions(_random, _size);
        if (_random.Next(3) == 0)
        {
            // Rules want traces that end, and blocks that come to another level before they are too old.
            _rules = new SeededRules((StoreLevel)_random.Next(1, 3));
            _options = _options with { Retention = RandomAges(_random, minutesMax: 30) with { WhenFull = _options.Retention.WhenFull } };
        }

        _tracesEnd = _rules is not null || _random.Next(3) == 0;
        (_scheduler, _store) = Open();
    }

    /// <summary>What happened on the way, for judging whether the histories are worth anything.</summary>
    public static Tally Run(int seed)
    {
        var history = new History(seed);
        var tally = new Tally();
        for (history._turn = 0; history._turn < Turns; history._turn++)
            history.Turn(tally);
        history._disk.WriteFailures = history._disk.FlushFailures = 0;
        history._disk.CapacityBytes = long.MaxValue;
        history.Restart(tally, orderly: true);
        history.CheckAll();
        history.CheckAllExpires();
        return tally;
    }

    string Context => $"seed {_seed}, turn {_turn}";

    static StorageOptions RandomOptions(Random random, HistorySize size)
    {
        var options = new StorageOptions
        {
            SegmentBytesMax = size.SegmentBytes,
            HeadBytesMax = random.Next(3) == 0 ? size.HeadBytes : 64 << 20,
            InFlightBytesMax = 1 << 20,
            FreeBytesMin = 2 * size.SegmentBytes,
            SegmentAgeMax = TimeSpan.FromSeconds(random.Next(5, 600)),
            RowGroupRows = size.RowGroupRows,
            Compression = random.Next(2) == 0 ? BlockCompression.Auto : BlockCompression.None,
            Compaction = new CompactionOptions
            {
                MergeBlocksMin = random.Next(2, 4),
                BlockBytesMax = (2 * size.SegmentBytes) << random.Next(4),
                MemoryBytesMax = 1 << 20,
                BytesPerSecondMax = random.Next(3) == 0 ? 4 * size.SegmentBytes : 0,
            },
        };
        if (random.Next(4) == 0)
            return options with { DiskBytesMax = random.Next(8, 20) * options.SegmentBytesMax };
        var retention = new RetentionOptions { WhenFull = random.Next(2) == 0 ? WhenFull.Refuse : WhenFull.Expire };
        if (random.Next(4) == 0)
            return options with { Retention = retention };
        return options with { Retention = RandomAges(random, minutesMax: 90) with { WhenFull = retention.WhenFull } };
    }

    static RetentionOptions RandomAges(Random random, int minutesMax)
    {
        var ends = Enumerable.Range(0, 4).Select(_ => TimeSpan.FromMinutes(random.Next(1, minutesMax))).Order().ToArray();
        return new RetentionOptions { LiveUntil = ends[0], KeptUntil = ends[1], WarmUntil = ends[2], ColdUntil = ends[3] * 2 };
    }

    void Turn(Tally tally)
    {
        switch (_random.Next(21))
        {
            case < 9: Append(); break;
            case < 13: Work(); break;
            case 13: CheckAll(); break;
            case 14: CheckTrace(); break;
            case 15: CheckSearch(); break;
            case 16: _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 120))); break;
            case 17: _time.Advance(TimeSpan.FromMinutes(_random.Next(1, 30))); break;
            case 18: ChangeDisk(tally); break;
            default: MaybeCrash(tally); break;
        }

        tally.Note(_store.Statistics);
    }

    void Append()
    {
        for (var count = _random.Next(1, 6); count > 0; count--)
        {
            var batch = Batches.Random(_random.Next(), Traces, spanCountMax: _random.Next(1, _size.BatchSpans));
            foreach (ref var id in batch.Spans.TraceIds.Writable)
                id = RandomTrace();
            var sent = _oracle.Add(batch, _time.GetUtcNow());
            sent.Answer = _scheduler.Start(() => _store.AppendAsync(Batches.Rented(sent.Batch), default).AsTask());
        }
    }

    TraceId RandomTrace() => Batches.Trace(_tracesEnd ? _turn + _random.Next(Traces / 3) : _random.Next(Traces));

    // What is old enough, what a rule drops that has its level, and whatever a budget takes: how much that is, is checked by what the store says of it.
    bool MayBeGone(Oracle.Sent sent, int row)
    {
        var age = _time.GetUtcNow() - sent.At;
        if (age >= _options.Retention.ColdUntil || _options.Retention.WhenFull == WhenFull.Expire)
            return true;
        if (_rules is null)
            return false;
        var level = StoreLevel.Live;
        while (level < StoreLevel.Cold && age >= _options.Retention.EndOf(level))
            level++;
        return _rules.DropsUpTo(sent.Batch.Spans.TraceIds[row], level);
    }

    // A few turns for whoever wants one; or all of them, until everyone waits.
    void Work()
    {
        if (_random.Next(2) == 0)
        {
            for (var steps = _random.Next(1, 20); steps > 0 && _scheduler.Step(); steps--)
                _oracle.Settle();
        }
        else
        {
            Settle();
        }
    }

    void Settle()
    {
        _scheduler.RunUntilIdle();
        _oracle.Settle();
        // Where sealing lags, or cannot be done, appends wait a little.
        for (var waits = 0; waits < 10 && _oracle.InFlightCount > 0 && _disk.OperationCount < _disk.CrashAt; waits++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            _scheduler.RunUntilIdle();
            _oracle.Settle();
        }

        Assert.True(_oracle.InFlightCount == 0 || _disk.OperationCount >= _disk.CrashAt, $"{Context}: an append is never answered.");
    }

    void ChangeDisk(Tally tally)
    {
        if (!_fails)
            return;
        switch (_random.Next(4))
        {
            case 0: _disk.WriteFailures = _random.NextDouble() * 0.2; break;
            case 1: _disk.FlushFailures = _random.NextDouble() * 0.2; break;
            case 2: _disk.CapacityBytes = _disk.Files.Sum(file => (long)file.Value.Current.Length) + _random.Next(6 * _size.SegmentBytes); break;
            default:
                _disk.WriteFailures = _disk.FlushFailures = 0;
                _disk.CapacityBytes = long.MaxValue;
                break;
        }

        tally.DiskChanges++;
    }

    void MaybeCrash(Tally tally)
    {
        if (_random.Next(3) > 0)
        {
            Restart(tally, orderly: _random.Next(3) == 0);
            return;
        }

        // Somewhere in what comes next, be it in the middle of sealing or of a merge.
        _disk.CrashAt = _disk.OperationCount + _random.Next(1, 60);
        Append();
        _scheduler.RunUntilIdle();
        _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 1_000)));
        _scheduler.RunUntilIdle();
        _oracle.Settle();
        Restart(tally, orderly: false);
    }

    void Restart(Tally tally, bool orderly)
    {
        if (orderly)
            CloseOrderly();
        _oracle.Disconnect();
        if (orderly || _random.Next(3) == 0)
            _disk.Kill();
        else
            _disk.Crash();
        tally.Restarts++;
        // The operator has seen to the disk; only then is a start expected to succeed.
        var (writes, flushes, capacity) = (_disk.WriteFailures, _disk.FlushFailures, _disk.CapacityBytes);
        (_disk.WriteFailures, _disk.FlushFailures, _disk.CapacityBytes) = (0, 0, long.MaxValue);
        if (_random.Next(4) == 0)
            CrashWhileOpening();
        (_scheduler, _store) = Open();
        CheckRecovered();
        (_disk.WriteFailures, _disk.FlushFailures, _disk.CapacityBytes) = (writes, flushes, capacity);
    }

    void CloseOrderly() => _scheduler.Run(async () =>
    {
        await _store.DisposeAsync();
        return true;
    });

    void CrashWhileOpening()
    {
        _disk.CrashAt = _disk.OperationCount + _random.Next(1, 20);
        var failure = Record.Exception(() => Open());
        Assert.True(failure is null or SimulatedCrash, $"{Context}: {failure}");
        _disk.Crash();
    }

    (SeededScheduler Scheduler, TraceStore Store) Open()
    {
        var scheduler = new SeededScheduler(_random);
        var store = TraceStore.Open(_options, _disk.NewProcess(), _time, new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default, _rules);
        Assert.True(store.Statistics.Damage.Count == 0, $"{Context}: {string.Join(' ', store.Statistics.Damage)}");
        return (scheduler, store);
    }

    // Before the store's own loops have had a turn.
    void CheckRecovered()
    {
        var scan = ReadAllAsync();
        Assert.True(scan.IsCompleted, $"{Context}: a scan waits for something.");
        Check(scan.GetAwaiter().GetResult(), hasRecovered: true);
    }

    void CheckAll()
    {
        Settle();
        Check(_scheduler.Run(ReadAllAsync), hasRecovered: false);
    }

    async Task<List<(SpanBatch Batch, int Row)>> ReadAllAsync()
    {
        var spans = new List<(SpanBatch, int)>();
        await foreach (var batch in _store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
            spans.AddRange(Batches.Rows(batch));
        return spans;
    }

    void Check(List<(SpanBatch Batch, int Row)> found, bool hasRecovered)
    {
        _oracle.Check(found, hasRecovered, Context);
        var statistics = _store.Statistics;
        Assert.Equal(found.Count, statistics.SpanCount);
        Assert.True(statistics.Trouble.Length == 0 || !statistics.Trouble.Contains("bug", StringComparison.Ordinal) || _disk.OperationCount >= _disk.CrashAt, $"{Context}: {statistics.Trouble}");
        var gone = statistics.Expired.Sum(expired => expired.SpanCount) + statistics.Dropped.Sum(dropped => dropped.SpanCount);
        Assert.True(_oracle.GoneCount == gone, $"{Context}: {_oracle.GoneCount} spans are gone, and the store has counted {gone}.");
    }

    // Nothing outlives its time by much, whatever happened before.
    void CheckAllExpires()
    {
        for (var step = 0; step < 300 && (step < 3 || _store.Statistics.BlockCount > 0); step++)
        {
            _time.Advance(_options.Retention.ColdUntil);
            Settle();
        }

        CheckAll();
        var statistics = _store.Statistics;
        Assert.True(statistics.SpanCount == statistics.HeadSpanCount, $"{Context}: {statistics.SpanCount - statistics.HeadSpanCount} spans in blocks do not expire.");
    }

    void CheckTrace()
    {
        CheckAll();
        var id = Batches.Trace(_random.Next(Turns + Traces));
        var found = _scheduler.Run(() => _store.FindTraceAsync(id, default).AsTask());
        var rows = _oracle.Group(Batches.Rows(found), Context).Sum(batch => batch.Value.Count);
        Assert.True(rows == _oracle.Stored.Sum(batch => batch.Spans.TraceIds.Values.Count(id)), $"{Context}: trace {id} is not complete.");
        for (var row = 1; row < rows; row++)
            Assert.True(found!.Spans.Starts[row - 1] <= found.Spans.Starts[row], $"{Context}: trace {id} is not in order.");
    }

    void CheckSearch()
    {
        CheckAll();
        var selection = Selections.Random(_random);
        var countMax = _random.Next(1, Traces);
        var found = _scheduler.Run(() => _store.FindTracesAsync(selection, countMax, default).AsTask());
        var expected = Selections.Newest(_oracle.Stored, selection, countMax);
        if (!expected.SequenceEqual(found))
        {
            Assert.Fail(
                $"{Context}: {Selections.Text(selection)}, {countMax} at most: expected and not found: {string.Join(", ", expected.Except(found))}; "
                + $"found and not expected: {string.Join(", ", found.Except(expected))}.");
        }
    }

    internal sealed class Tally
    {
        public int Restarts { get; set; }

        public int DiskChanges { get; set; }

        public int BlocksMax { get; set; }

        public long Merges { get; set; }

        public long DroppedTraces { get; set; }

        public HashSet<(StoreLevel Level, ExpiryCause Cause)> Expired { get; } = [];

        public HashSet<StoreLevel> Levels { get; } = [];

        public bool WasFull { get; set; }

        public bool RefusedAny { get; set; }

        public void Note(StoreStatistics statistics)
        {
            BlocksMax = Math.Max(BlocksMax, statistics.BlockCount);
            Merges = Math.Max(Merges, statistics.MergeCount);
            DroppedTraces = Math.Max(DroppedTraces, statistics.Dropped.Sum(dropped => dropped.TraceCount));
            Expired.UnionWith(statistics.Expired.Select(expired => (expired.Level, expired.Cause)));
            Levels.UnionWith(statistics.Levels.Select(level => level.Level));
            WasFull |= statistics.Trouble.Length > 0;
            RefusedAny |= statistics.RefusedBatchCount > 0;
        }
    }
}
