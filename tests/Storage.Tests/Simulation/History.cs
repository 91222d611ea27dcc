using System.Globalization;
using Clew.Model;
using Clew.Storage.Buckets;
using Clew.Storage.Retention;

namespace Clew.Storage.Tests.Simulation;

/// <summary>
/// One life of a store, drawn from a seed: appends, queries, merges, expiry, moves to buckets, failures of the disk and of the buckets, crashes and recoveries in any order,
/// compared with the oracle all along.
/// </summary>
internal sealed class History
{
    /// <summary>One history in so many has large batches, segments and row groups. All the others are cheap, and have as many of everything else.</summary>
    const int LargeShare = 16;

    const int Traces = 30, Turns = 66;

    /// <summary>Whoever starts waits half an hour before it changes anything in a bucket, so in histories with buckets time goes faster, and spans live longer.</summary>
    const int TieredPace = 6, TicksToMove = 3;

    readonly int _seed;
    readonly Random _random;
    readonly SimulatedDisk _disk;
    readonly ManualTime _time = new();
    readonly Oracle _oracle;
    readonly HistorySize _size;
    readonly StorageOptions _options;
    readonly SeededRules? _rules;
    readonly bool _fails;

    // By the key of their tier in the configuration.
    readonly SortedDictionary<string, SimulatedBucket> _buckets = new(StringComparer.Ordinal);
    readonly int _pace;

    // Null in histories whose disk keeps every bit.
    readonly Decay? _decay;
    bool _hasLostCounts;

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
        _oracle = new Oracle { MayBeGone = MayBeGone, IsNamed = IsNamed };
        _decay = _random.Next(4) == 0 ? new Decay(_disk, _random, _oracle) : null;
        _fails = _random.Next(2) == 0;
        _size = _random.Next(LargeShare) == 0 ? HistorySize.Large : HistorySize.Small;
        _options = WithBuckets(HistoryOptions.Random(_random, _size));
        _pace = _buckets.Count > 0 ? TieredPace : 1;
        if (_random.Next(3) == 0)
        {
            // Rules want traces that end, and blocks that come to another level before they are too old.
            _rules = new SeededRules((StoreLevel)_random.Next(1, 3));
            _options = _options with { Retention = (_buckets.Count > 0 ? HistoryOptions.TieredAges(_random) : HistoryOptions.Ages(_random, minutesMax: 30)) with { WhenFull = _options.Retention.WhenFull } };
        }

        _tracesEnd = _rules is not null || _random.Next(3) == 0;
        (_scheduler, _store) = Open();
    }

    /// <summary>What happened on the way, for judging whether the histories are worth anything.</summary>
    public static HistoryTally Run(int seed)
    {
        var history = new History(seed);
        var tally = new HistoryTally();
        for (history._turn = 0; history._turn < Turns; history._turn++)
            history.Turn(tally);
        history._disk.WriteFailures = history._disk.FlushFailures = 0;
        history._disk.CapacityBytes = long.MaxValue;
        foreach (var bucket in history._buckets.Values)
            (bucket.IsOut, bucket.Failures) = (false, 0);
        history.Restart(tally, orderly: true);
        history.CheckAll();
        history.CheckAllExpires();
        tally.HitFiles = history._decay?.Count ?? 0;
        tally.ExposedSpans = history._oracle.ExposedCount;
        return tally;
    }

    string Context => $"seed {_seed}, turn {_turn}";

    StorageOptions WithBuckets(StorageOptions options)
    {
        if (_random.Next(3) > 0)
            return options;
        var given = _random.Next(1, 4);
        foreach (var (key, bit) in (ReadOnlySpan<(string, int)>)[("storage.warm", 1), ("storage.cold", 2)])
        {
            if ((given & bit) != 0)
                _buckets.Add(key, new SimulatedBucket(_disk, _random));
        }

        return options with
        {
            Warm = OptionsOf("storage.warm"),
            Cold = OptionsOf("storage.cold"),
            BucketCacheBytesMax = 16 << 20,
            Retention = HistoryOptions.TieredAges(_random) with { WhenFull = options.Retention.WhenFull },
        };

        TierOptions OptionsOf(string key) => _buckets.ContainsKey(key) ? new TierOptions { Directory = "simulated" } : new TierOptions();
    }

    void Turn(HistoryTally tally)
    {
        switch (_random.Next(25))
        {
            case < 9: Append(); break;
            case < 13: Work(); break;
            case 13: CheckAll(); break;
            case 14: CheckTrace(); break;
            case 15: CheckSearch(); break;
            case 16: _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 120))); break;
            case 17: _time.Advance(TimeSpan.FromMinutes(_random.Next(1, 30 * _pace))); break;
            case 18: ChangeDisk(tally); break;
            case 19: ChangeBuckets(); break;
            case 20: _decay?.FlipInUse(); break;
            case 21: CheckScan(check => check.SpansAsync(_store)); break;
            case 22: CheckScan(check => check.TracesAsync(_store)); break;
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
            // A block moves when merging has found nothing to do with it, which is looked for again every second.
            for (var seconds = 0; seconds < TicksToMove && _buckets.Count > 0; seconds++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                Settle();
            }
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

    void ChangeDisk(HistoryTally tally)
    {
        if (!_fails)
            return;
        switch (_random.Next(4))
        {
            case 0: _disk.WriteFailures = _random.NextDouble() * 0.2; break;
            case 1: _disk.FlushFailures = _random.NextDouble() * 0.2; break;
            case 2: _disk.CapacityBytes = _disk.Files.Sum(file => file.Value.Length) + _random.Next(6 * _size.SegmentBytes); break;
            default:
                _disk.WriteFailures = _disk.FlushFailures = 0;
                _disk.CapacityBytes = long.MaxValue;
                break;
        }

        tally.DiskChanges++;
    }

    void ChangeBuckets()
    {
        foreach (var bucket in _buckets.Values)
        {
            bucket.IsOut = _random.Next(2) == 0;
            bucket.Failures = _fails && _random.Next(2) == 0 ? _random.NextDouble() * 0.3 : 0;
        }
    }

    void MaybeCrash(HistoryTally tally)
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

    void Restart(HistoryTally tally, bool orderly)
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
        var outages = _buckets.Values.Select(bucket => (bucket, bucket.IsOut, bucket.Failures)).ToArray();
        if (_decay is not null && _random.Next(2) == 0 && _decay.FlipAtRest() == FileNames.Manifest)
            LoseManifest();
        if (_buckets.Count > 0 && _random.Next(2) == 0)
            _disk.NewProcess().Delete(Decay.Cache);
        if (_random.Next(4) == 0)
            CrashWhileOpening();
        (_scheduler, _store) = Open();
        foreach (var (bucket, isOut, failures) in outages)
            (bucket.IsOut, bucket.Failures) = (isOut, failures);
        CheckRecovered();
        (_disk.WriteFailures, _disk.FlushFailures, _disk.CapacityBytes) = (writes, flushes, capacity);
    }

    // Without it a start needs the buckets, and says so if they do not answer.
    void LoseManifest()
    {
        foreach (var bucket in _buckets.Values)
            (bucket.IsOut, bucket.Failures) = (false, 0);
        _oracle.ForgetGone();
        _hasLostCounts = true;
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
        var store = TraceStore.Open(_options, _disk.NewProcess(), _time, new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default, _rules, NewBucket);
        CheckDamage(store.Statistics.Damage);
        return (scheduler, store);
    }

    // Nothing is called damaged but what is.
    void CheckDamage(IReadOnlyList<string> places)
    {
        foreach (var place in places)
            Assert.True(_decay?.Explains(place) == true, $"{Context}: {place}");
    }

    bool IsNamed(string file) => _store.Statistics.Damage.Any(place => Decay.Names(place, file));

    IBucket? NewBucket(TierOptions tier, string key) => _buckets.TryGetValue(key, out var bucket) ? bucket.NewProcess() : null;

    // Before the store's own loops have had a turn.
    void CheckRecovered()
    {
        var scan = ReadAllAsync();
        Assert.True(scan.IsCompleted, $"{Context}: a scan waits for something.");
        Check(scan.GetAwaiter().GetResult());
    }

    void CheckAll()
    {
        Settle();
        Check(_scheduler.Run(ReadAllAsync));
    }

    async Task<List<(SpanBatch Batch, int Row)>> ReadAllAsync()
    {
        var spans = new List<(SpanBatch, int)>();
        await foreach (var batch in _store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
            spans.AddRange(Batches.Rows(batch));
        return spans;
    }

    void Check(List<(SpanBatch Batch, int Row)> found)
    {
        var statistics = _store.Statistics;
        Assert.True(statistics.Trouble.Length == 0 || !statistics.Trouble.Contains("bug", StringComparison.Ordinal) || _disk.OperationCount >= _disk.CrashAt, $"{Context}: {statistics.Trouble}");
        var gone = statistics.Expired.Sum(expired => expired.SpanCount) + statistics.Dropped.Sum(dropped => dropped.SpanCount);
        CheckDamage(statistics.Damage);
        var (hidden, exposed) = (HiddenSpans, _oracle.ExposedCount);
        if (hidden > 0)
        {
            // What is missing is behind buckets that do not answer, or is gone, and the store counts both.
            var missing = _oracle.CheckPart(found, Context);
            Assert.True(
                missing <= hidden + exposed + gone - _oracle.GoneCount || _hasLostCounts,
                $"{Context}: {missing} spans are missing, {hidden} of them behind buckets, and {gone - _oracle.GoneCount} more are gone.");
        }
        else
        {
            _oracle.Check(found, Context);
            var uncounted = gone - _oracle.GoneCount;
            Assert.True((uncounted >= 0 && uncounted <= exposed) || _hasLostCounts, $"{Context}: {_oracle.GoneCount} spans are gone, and the store has counted {gone}.");
        }

        Assert.True(
            found.Count <= statistics.SpanCount && found.Count + hidden + exposed >= statistics.SpanCount,
            $"{Context}: {found.Count} of {statistics.SpanCount} spans, {hidden} behind buckets, and {exposed} touched by damage.");
    }

    /// <summary>How many spans are behind buckets that do not answer, by what the store says of them.</summary>
    long HiddenSpans => _store.Statistics.Unreachable.Sum(text => text.Split("Missing from answers: ") is [_, var spans] ? long.Parse(spans.Split(' ')[0], CultureInfo.InvariantCulture) : 0);

    // Nothing outlives its time by much, whatever happened before.
    void CheckAllExpires()
    {
        for (var step = 0; step < 300 && (step < 3 || _store.Statistics.BlockCount > 0 || BlocksInBuckets.Any()); step++)
        {
            _time.Advance(_options.Retention.ColdUntil);
            Settle();
        }

        CheckAll();
        var statistics = _store.Statistics;
        Assert.True(statistics.SpanCount == statistics.HeadSpanCount, $"{Context}: {statistics.SpanCount - statistics.HeadSpanCount} spans in blocks do not expire.");
        Assert.True(!BlocksInBuckets.Any(), $"{Context}: nobody needs {string.Join(", ", BlocksInBuckets)}. {string.Join(' ', statistics.Unreachable)} {statistics.Trouble}");
    }

    /// <summary>What the store deletes in the end. Without its manifest it does not know what is garbage, and without its claims it may not delete it.</summary>
    IEnumerable<string> BlocksInBuckets => _decay is { HasHitManifest: true } or { HasHitClaims: true } ? [] : _buckets.Values.SelectMany(bucket => bucket.Blocks);

    void CheckTrace()
    {
        CheckAll();
        var id = Batches.Trace(_random.Next(Turns + Traces));
        var found = _scheduler.Run(() => _store.FindTraceAsync(id, default).AsTask());
        var rows = _oracle.Group(Batches.Rows(found), Context).Sum(batch => batch.Value.Count);
        var expected = _oracle.Stored.Sum(batch => batch.Spans.TraceIds.Values.Count(id));
        var certain = HiddenSpans > 0 ? 0 : _oracle.Certain.Sum(batch => batch.Spans.TraceIds.Values.Count(id));
        Assert.True(certain <= rows && rows <= expected, $"{Context}: trace {id} has {rows} spans, and should have {certain} to {expected}.");
        for (var row = 1; row < rows; row++)
            Assert.True(found!.Spans.Starts[row - 1] <= found.Spans.Starts[row], $"{Context}: trace {id} is not in order.");
    }

    void CheckSearch()
    {
        CheckAll();
        var selection = Selections.Random(_random);
        var countMax = _random.Next(1, Traces);
        var found = _scheduler.Run(() => _store.FindTracesAsync(selection, countMax, default).AsTask());
        if (HiddenSpans > 0 || _oracle.ExposedCount > 0)
        {
            CheckPartOfSearch(selection, found);
            return;
        }

        var expected = Selections.Newest(_oracle.Stored, selection, countMax);
        if (!expected.SequenceEqual(found))
        {
            Assert.Fail(
                $"{Context}: {Selections.Text(selection)}, {countMax} at most: expected and not found: {string.Join(", ", expected.Except(found))}; "
                + $"found and not expected: {string.Join(", ", found.Except(expected))}.");
        }
    }

    void CheckScan(Func<ScanCheck, Task> scan)
    {
        CheckAll();
        _scheduler.Run(async () =>
        {
            await scan(new ScanCheck(_oracle, _random, HiddenSpans > 0, Context));
            return true;
        });
    }

    // What cannot be reached, or was damaged, may be missing; the rest is found, and nothing else.
    void CheckPartOfSearch(SpanSelection selection, IReadOnlyList<TraceMatch> found)
    {
        var all = _scheduler.Run(() => _store.FindTracesAsync(selection, int.MaxValue, default).AsTask()).Select(match => match.Id).ToHashSet();
        var wrong = found.Select(match => match.Id).Concat(all).Except(Selections.Newest(_oracle.Stored, selection, int.MaxValue).Select(match => match.Id)).ToArray();
        Assert.True(wrong.Length == 0, $"{Context}: {Selections.Text(selection)}: found and not expected: {string.Join(", ", wrong)}.");
        if (HiddenSpans > 0)
            return;
        var missing = Selections.Newest(_oracle.Certain, selection, int.MaxValue).Where(match => !all.Contains(match.Id)).ToArray();
        Assert.True(missing.Length == 0, $"{Context}: {Selections.Text(selection)}: expected and not found: {string.Join(", ", missing)}.");
    }
}
