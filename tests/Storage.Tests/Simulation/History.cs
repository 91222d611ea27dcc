using Clew.Model;

namespace Clew.Storage.Tests.Simulation;

/// <summary>One life of a store, drawn from a seed: appends, queries, failures of the disk, crashes and recoveries in any order, compared with the oracle all along.</summary>
internal sealed class History
{
    const int Traces = 30;

    readonly int _seed;
    readonly Random _random;
    readonly SimulatedDisk _disk;
    readonly ManualTime _time = new();
    readonly Oracle _oracle = new();
    readonly StorageOptions _options;
    readonly bool _fails;
    SeededScheduler _scheduler;
    TraceStore _store;
    int _turn;

    History(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _disk = new SimulatedDisk(_random);
        _fails = _random.Next(2) == 0;
        _options = new StorageOptions
        {
            SegmentBytesMax = 64 << 10,
            HeadBytesMax = _random.Next(3) == 0 ? 256 << 10 : 64 << 20,
            InFlightBytesMax = 1 << 20,
            FreeBytesMin = 128 << 10,
            SegmentAgeMax = TimeSpan.FromSeconds(_random.Next(5, 600)),
            RowGroupRows = 64,
            Compression = _random.Next(2) == 0 ? BlockCompression.Auto : BlockCompression.None,
        };
        (_scheduler, _store) = Open();
    }

    /// <summary>What happened on the way, for judging whether the histories are worth anything.</summary>
    public static Tally Run(int seed)
    {
        var history = new History(seed);
        var tally = new Tally();
        for (history._turn = 0; history._turn < 60; history._turn++)
            history.Turn(tally);
        history._disk.WriteFailures = history._disk.FlushFailures = 0;
        history._disk.CapacityBytes = long.MaxValue;
        history.Restart(tally, orderly: true);
        history.CheckAll(hasRecovered: true);
        return tally;
    }

    string Context => $"seed {_seed}, turn {_turn}";

    void Turn(Tally tally)
    {
        switch (_random.Next(20))
        {
            case < 9: Append(); break;
            case < 13: Work(); break;
            case 13: CheckAll(hasRecovered: false); break;
            case 14: CheckTrace(); break;
            case 15: CheckSearch(); break;
            case 16: _time.Advance(TimeSpan.FromSeconds(_random.Next(1, 120))); break;
            case 17: ChangeDisk(tally); break;
            default: MaybeCrash(tally); break;
        }

        tally.Note(_store.Statistics);
    }

    void Append()
    {
        for (var count = _random.Next(1, 6); count > 0; count--)
        {
            var sent = _oracle.Add(Batches.Random(_random.Next(), Traces, spanCountMax: _random.Next(1, 60)));
            sent.Answer = _scheduler.Start(() => _store.AppendAsync(Batches.Rented(sent.Batch), default).AsTask());
        }
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
            case 2: _disk.CapacityBytes = _disk.Files.Sum(file => (long)file.Value.Current.Length) + _random.Next(400 << 10); break;
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

        // Somewhere in what comes next, be it in the middle of sealing.
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
        CheckAll(hasRecovered: true);
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
        var store = TraceStore.Open(_options, _disk.NewProcess(), _time, new StoreThreads(scheduler, scheduler), _ => { }, default);
        Assert.True(store.Statistics.Damage.Count == 0, $"{Context}: {string.Join(' ', store.Statistics.Damage)}");
        return (scheduler, store);
    }

    void CheckAll(bool hasRecovered)
    {
        if (!hasRecovered)
            Settle();
        var found = _scheduler.Run(async () =>
        {
            var spans = new List<(SpanBatch, int)>();
            await foreach (var batch in _store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
                spans.AddRange(Batches.Rows(batch));
            return spans;
        });
        _oracle.Check(found, hasRecovered, Context);
        Assert.Equal(_oracle.Stored.Sum(batch => (long)batch.SpanCount), _store.Statistics.SpanCount);
    }

    void CheckTrace()
    {
        Settle();
        var id = Batches.Trace(_random.Next(Traces + 2));
        var found = _scheduler.Run(() => _store.FindTraceAsync(id, default).AsTask());
        var rows = _oracle.Group(Batches.Rows(found), Context).Sum(batch => batch.Value.Count);
        Assert.True(rows == _oracle.Stored.Sum(batch => batch.Spans.TraceIds.Values.Count(id)), $"{Context}: trace {id} is not complete.");
        for (var row = 1; row < rows; row++)
            Assert.True(found!.Spans.Starts[row - 1] <= found.Spans.Starts[row], $"{Context}: trace {id} is not in order.");
    }

    void CheckSearch()
    {
        Settle();
        var selection = Selections.Random(_random);
        var countMax = _random.Next(1, Traces);
        var found = _scheduler.Run(() => _store.FindTracesAsync(selection, countMax, default).AsTask());
        Assert.True(
            Selections.Newest(_oracle.Stored, selection, countMax).SequenceEqual(found),
            $"{Context}: {selection.Starts}, {string.Join(" and ", selection.Conditions)}");
    }

    internal sealed class Tally
    {
        public int Restarts { get; set; }

        public int DiskChanges { get; set; }

        public int BlocksMax { get; set; }

        public bool WasFull { get; set; }

        public bool RefusedAny { get; set; }

        public void Note(StoreStatistics statistics)
        {
            BlocksMax = Math.Max(BlocksMax, statistics.BlockCount);
            WasFull |= statistics.Trouble.Length > 0;
            RefusedAny |= statistics.RefusedBatchCount > 0;
        }
    }
}
