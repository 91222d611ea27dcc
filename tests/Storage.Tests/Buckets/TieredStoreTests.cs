using Clew.Model;
using Clew.Storage.Buckets;
using Clew.Storage.Inspection;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Buckets;

/// <summary>A store whose old blocks live in a bucket, from its clients' side.</summary>
public sealed class TieredStoreTests : IAsyncLifetime
{
    static readonly StorageOptions Options = new() { SegmentBytesMax = 64 << 10, RowGroupRows = 64, BlockCacheBytesMax = 1 << 20, Warm = new TierOptions { Directory = "made by the test" } };
    static readonly S3Timing Quick = new() { FirstWait = TimeSpan.FromMilliseconds(1), AttemptMax = TimeSpan.FromMinutes(1), AttemptsMax = 2, PartBytes = 16 << 10 };

    readonly TemporaryFolder _folder = new();
    readonly ManualTime _time = new();
    readonly List<StorageEvent> _events = [];
    FakeS3 _fake = null!;

    public async Task InitializeAsync() => _fake = await FakeS3.StartAsync();

    public async Task DisposeAsync()
    {
        await _fake.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Blocks_move_to_the_bucket_stay_complete_over_restarts_and_leave_it_when_they_expire()
    {
        await using (var store = Open())
        {
            await FillAsync(store, 0, 14);
            await AgeAsync(store, () => BlocksThere > 0 && LocalBlocks == 0, "all blocks in the bucket");
            await AssertCompleteAsync(store, 14, "after the move");
            Assert.True(store.Statistics.MovedBlockCount > 0);
            Assert.Equal(0, _fake.UnfinishedUploads);
        }

        File.Delete(_folder["buckets.cache"]);
        await using var restarted = Open();
        await AssertCompleteAsync(restarted, 14, "after a restart");
        Assert.True(restarted.Statistics.BucketReadCount > 0);
        await Deadline.UntilAsync(() => restarted.FindServicesAsync(default).AsTask().Result.Count > 0, "the services of the bucket's blocks");
        // What a restart found in the head becomes a block of its own before it expires, at its own pace.
        var spanCount = Rows(0, 14).Count();
        await AgeAsync(
            restarted,
            () => BlocksThere == 0 && restarted.Statistics.BlockCount == 0 && restarted.Statistics.Expired.Sum(expired => expired.SpanCount) == spanCount,
            "expiry",
            step: TimeSpan.FromDays(30));
        Assert.Equal(["claim"], _fake.Objects.Keys.Select(key => key.Split('/')[^1]));
        AssertUnharmed(restarted);
    }

    [Fact]
    public async Task While_the_bucket_is_out_the_rest_is_answered_what_is_missing_is_named_and_moves_wait()
    {
        await using (var store = Open())
        {
            await FillAsync(store, 0, 8);
            await AgeAsync(store, () => BlocksThere > 0 && LocalBlocks == 0, "all blocks in the bucket");
            await FillAsync(store, 8, 14);
        }

        _fake.Fault = (_, _) => S3Fault.Reset;
        // The cache has what was read; a store without one asks the bucket.
        File.Delete(_folder["buckets.cache"]);
        await using var alone = Open();
        var found = await ScanAsync(alone);
        Batches.AssertSameSpans(Rows(8, 14), found, "while the bucket is out");
        var missing = Assert.Single(alone.Statistics.Unreachable);
        Assert.Contains("Missing from answers", missing, StringComparison.Ordinal);
        Assert.Empty(alone.Statistics.Damage);
        Assert.Equal("", alone.Statistics.Trouble);
        Assert.Equal(AppendOutcome.Stored, (await alone.AppendAsync(Batches.Random(14), default)).Outcome);
        var there = BlocksThere;
        await AgeAsync(alone, () => LocalBlocks > 0 && _events.Exists(told => told.Message.Contains("could not be moved", StringComparison.Ordinal)), "a move that fails");
        Assert.Equal(there, BlocksThere);

        _fake.Fault = (_, _) => S3Fault.None;
        await AgeAsync(alone, () => LocalBlocks == 0 && alone.Statistics.Unreachable.Count == 0, "all blocks in the bucket");
        await AssertCompleteAsync(alone, 15, "when the bucket is back");
        AssertUnharmed(alone);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    [InlineData("GET")]
    [InlineData("manifest")]
    public async Task A_crash_at_any_point_of_a_move_loses_nothing_and_leaves_nothing(string at)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var left = random.Next(1, 8);
            var folder = new HinderedFolder(_folder.Path);
            await using (var store = Open(folder))
            {
                await FillAsync(store, 0, 8);
                bool Fails() => Interlocked.Decrement(ref left) < 0;
                if (at == "manifest")
                    folder.Before = (verb, name) => _ = verb == "rename" && name.StartsWith("manifest", StringComparison.Ordinal) && BlocksThere > 0 && Fails() ? throw new IOException("the test says so") : 0;
                else
                    _fake.Fault = (method, _) => method == at && Fails() ? (random.Next(2) == 0 ? S3Fault.Reset : S3Fault.ResetAfterwards) : S3Fault.None;
                await AgeAsync(store, () => left < 0 || (LocalBlocks == 0 && BlocksThere > 0), "the failure, or the end");
            }

            // Closing is as sudden as a crash to what is under way: nothing is finished by it.
            _fake.Fault = (_, _) => S3Fault.None;
            await using var restarted = Open();
            await AssertCompleteAsync(restarted, 8, $"seed {seed}: after the restart");
            await AgeAsync(restarted, () => LocalBlocks == 0 && BlocksThere == restarted.Statistics.BlockCount && _fake.UnfinishedUploads == 0, $"seed {seed}: no orphans");
            await AssertCompleteAsync(restarted, 8, $"seed {seed}: at last");
            AssertUnharmed(restarted);
            await AgeAsync(restarted, () => BlocksThere == 0 && restarted.Statistics.BlockCount == 0, $"seed {seed}: expiry", step: TimeSpan.FromDays(30));
        }
    }

    [Fact]
    public async Task Who_waits_for_a_bucket_keeps_nobody_from_searching_what_is_at_hand()
    {
        using var bucket = new MemoryBucket();
        using var gate = new ManualResetEventSlim(initialState: true);
        using var isHeld = new ManualResetEventSlim();
        bucket.Before = (verb, _) =>
        {
            if (verb != "read" || gate.IsSet)
                return;
            isHeld.Set();
            gate.Wait(TimeSpan.FromSeconds(60));
        };
        // Large enough that what a start reads of the block is not all of it.
        var options = Options with { ReadParallelism = 1, SegmentBytesMax = 32 << 20, Compression = BlockCompression.None };
        await using (var store = Open(options))
        {
            for (var seed = 0; seed < 4; seed++)
                await store.AppendAsync(Batches.Random(seed, traceCount: 100, spanCountMax: 8_000), default);
            await AgeAsync(store, () => bucket.Keys.Any(key => key.EndsWith(".block", StringComparison.Ordinal)) && LocalBlocks == 0, "all blocks in the bucket");
        }

        File.Delete(_folder["buckets.cache"]);
        await using var restarted = Open(options);
        var newest = Batches.Random(8);
        newest.Spans.Starts.Writable.Fill(UnixNanos.MaxValue);
        await restarted.AppendAsync(newest, default);
        gate.Reset();
        var far = Task.Run(() => restarted.FindTracesAsync(SpanSelection.All, 1_000, default).AsTask());
        Assert.True(isHeld.Wait(TimeSpan.FromSeconds(30)), "The search of everything asks the bucket.");
        var near = Task.Run(() => restarted.FindTracesAsync(new SpanSelection(new TimeRange(UnixNanos.MaxValue, UnixNanos.MaxValue), []), 1_000, default).AsTask());
        var found = await near.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotEmpty(found);
        Assert.False(far.IsCompleted);
        gate.Set();
        Assert.True((await far).Count > found.Count);

        TraceStore Open(StorageOptions options) => TraceStore.Open(
            options, Files.DiskFolder.OpenOrCreate(_folder.Path), _time, StoreThreads.Dedicated(), Tell, default, newBucket: (tier, _) => tier.IsGiven ? bucket : null);
    }

    [Fact]
    public async Task Nothing_is_uploaded_under_a_key_that_could_not_be_written_down_first()
    {
        var folder = new HinderedFolder(_folder.Path);
        await using (var store = Open(folder))
        {
            await FillAsync(store, 0, 8);
            var notes = 0;
            // The first manifest after the claim is to have the key; those after the upload fail as if a crash had come.
            folder.Before = (verb, name) => _ = verb == "rename" && name.StartsWith("manifest", StringComparison.Ordinal) && _fake.Objects.Count > 0 && (BlocksThere > 0 || Interlocked.Increment(ref notes) == 1)
                ? throw new IOException("the test says so") : 0;
            await AgeAsync(store, () => BlocksThere > 0, "an upload");
        }

        await using var restarted = Open();
        await AgeAsync(restarted, () => LocalBlocks == 0 && BlocksThere == restarted.Statistics.BlockCount, "no orphans");
        await AssertCompleteAsync(restarted, 8, "at last");
        AssertUnharmed(restarted);
    }

    [Fact]
    public async Task Unfinished_uploads_are_looked_for_until_the_bucket_answers_once()
    {
        using var bucket = new MemoryBucket();
        var looks = 0;
        bucket.Before = (verb, _) =>
        {
            if (verb == "tidy" && Interlocked.Increment(ref looks) <= 2)
                throw MemoryBucket.Unavailable;
        };
        await using var store = TraceStore.Open(
            Options, Files.DiskFolder.OpenOrCreate(_folder.Path), _time, StoreThreads.Dedicated(), Tell, default, newBucket: (options, _) => options.IsGiven ? bucket : null);
        await FillAsync(store, 0, 8);
        await AgeAsync(store, () => Volatile.Read(ref looks) == 3, "a look that was answered");
    }

    [Fact]
    public async Task A_copy_of_the_folder_that_is_started_elsewhere_costs_the_original_nothing()
    {
        await using var original = Open();
        await FillAsync(original, 0, 8);
        await AgeAsync(original, () => BlocksThere > 0 && LocalBlocks == 0, "all blocks in the bucket");
        using var elsewhere = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(_folder.Path).Where(file => Path.GetFileName(file) != "lock"))
            File.Copy(file, elsewhere[Path.GetFileName(file)]);
        var later = new ManualTime();
        later.Advance(TimeSpan.FromDays(300));
        await using var copy = TraceStore.Open(Options, Files.DiskFolder.OpenOrCreate(elsewhere.Path), later, StoreThreads.Dedicated(), _events.Add, default, newBucket: NewBucket);
        await Deadline.UntilAsync(
            () =>
            {
                // Both live on, at the same pace.
                later.Advance(TimeSpan.FromSeconds(10));
                _time.Advance(TimeSpan.FromSeconds(10));
                return copy.Statistics is { BlockCount: 0, Unreachable.Count: > 0 };
            },
            "everything in the copy is too old, and may not be deleted");
        Assert.Contains(_folder.Path, copy.Statistics.Unreachable[0], StringComparison.Ordinal);
        File.Delete(_folder["buckets.cache"]);
        await AssertCompleteAsync(original, 8, "the original");
        AssertUnharmed(original);
    }

    [Fact]
    public async Task A_store_that_has_lost_its_manifest_finds_its_blocks_in_the_bucket()
    {
        await using (var store = Open())
        {
            await FillAsync(store, 0, 8);
            await AgeAsync(store, () => BlocksThere > 0 && LocalBlocks == 0, "all blocks in the bucket");
            await FillAsync(store, 8, 12);
        }

        File.Delete(_folder["manifest"]);
        await using var restarted = Open();
        await AssertCompleteAsync(restarted, 12, "without a manifest");
        AssertUnharmed(restarted);
    }

    [Fact]
    public async Task A_store_that_has_lost_its_manifest_while_the_bucket_is_out_finds_all_blocks_when_it_is_back()
    {
        await using (var store = Open())
        {
            await FillAsync(store, 0, 8);
            await AgeAsync(store, () => BlocksThere > 0 && LocalBlocks == 0, "all blocks in the bucket");
            await FillAsync(store, 8, 12);
        }

        File.Delete(_folder["manifest"]);
        File.Delete(_folder["buckets.cache"]);
        _fake.Fault = (_, _) => S3Fault.Reset;
        Assert.Contains("Start again when it can", Assert.Throws<StoreFolderException>(() => Open()).Message, StringComparison.Ordinal);

        _fake.Fault = (_, _) => S3Fault.None;
        await using var restarted = Open();
        await AssertCompleteAsync(restarted, 12, "when the bucket is back");
        AssertUnharmed(restarted);
    }

    [Fact]
    public async Task A_damaged_block_that_no_manifest_knew_any_more_is_missed_by_every_start_until_it_expires()
    {
        var (key, _, damaged) = await LoseManifestAsync();
        _fake.Put(key, damaged);
        foreach (var query in (Func<TraceStore, Task>[])[ScanAsync, SearchAsync, FindAllAsync])
        {
            await using var restarted = Open();
            await query(restarted);
            Assert.Contains(restarted.Statistics.Damage, place => place.Contains(key, StringComparison.Ordinal) && place.Contains("it is not known how many", StringComparison.Ordinal));
        }

        await using var store = Open();
        await AgeAsync(store, () => BlocksThere == 0 && store.Statistics.BlockCount == 0, "expiry", step: TimeSpan.FromDays(30));
        Assert.Equal("", store.Statistics.Trouble);

        static Task SearchAsync(TraceStore store) => store.FindTracesAsync(SpanSelection.All, 1, default).AsTask();
        static Task FindAllAsync(TraceStore store) => store.FindTraceAsync(Batches.Trace(0), default).AsTask();
    }

    [Fact]
    public async Task A_whole_block_in_the_place_of_a_damaged_one_brings_its_spans_back()
    {
        var (key, whole, damaged) = await LoseManifestAsync();
        _fake.Put(key, damaged);
        await using (var store = Open())
            Assert.True((await ScanAsync(store)).Count < Rows(0, 14).Count());
        _fake.Put(key, whole);
        File.Delete(_folder["buckets.cache"]);
        await using (var restored = Open())
        {
            await AssertCompleteAsync(restored, 14, "with the whole block");
            AssertUnharmed(restored);
        }

        using var snapshot = StoreSnapshot.Open(_folder.Path, Options with { Warm = new TierOptions { S3 = _fake.Options } });
        Assert.Empty(StoreVerification.Run(snapshot).Damage);
    }

    [Fact]
    public async Task Of_a_block_that_is_in_a_bucket_twice_the_copy_that_can_be_read_is_found_and_the_other_deleted()
    {
        var (key, _, damaged) = await LoseManifestAsync();
        // One is listed before it, the other after it.
        string[] copies = [.. new[] { "0000000000000000", "ffffffffffffffff" }.Select(tag => $"{key[..key.LastIndexOf('-')]}-{tag}.block")];
        foreach (var copy in copies)
            _fake.Put(copy, damaged);
        await using var store = Open();
        await AssertCompleteAsync(store, 14, "beside damaged copies");
        AssertUnharmed(store);
        await AgeAsync(store, () => !_fake.Objects.Keys.Intersect(copies).Any(), "the copies are gone", step: TimeSpan.FromHours(1));
        await AssertCompleteAsync(store, 14, "without them");
    }

    [Fact]
    public async Task A_block_that_somebody_deleted_in_the_bucket_is_named_as_lost()
    {
        await using (var store = Open())
        {
            await FillAsync(store, 0, 8);
            await AgeAsync(store, () => BlocksThere > 0 && LocalBlocks == 0, "all blocks in the bucket");
        }

        File.Delete(_folder["buckets.cache"]);
        foreach (var key in _fake.Objects.Keys.Where(key => key.EndsWith(".block", StringComparison.Ordinal)))
            _fake.Remove(key);
        await using var restarted = Open();
        Assert.Empty(await ScanAsync(restarted));
        Assert.Contains("there is no such object", restarted.Statistics.Damage[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_without_the_tier_that_its_blocks_are_in_says_which_setting_brings_them_back()
    {
        await using (var store = Open())
        {
            await FillAsync(store, 0, 8);
            await AgeAsync(store, () => BlocksThere > 0 && LocalBlocks == 0, "all blocks in the bucket");
        }

        await using (var without = await TraceStore.OpenAsync(Options with { Warm = new TierOptions() }, _folder.Path, _time, _events.Add))
        {
            Assert.Contains("storage.warm", Assert.Single(without.Statistics.Unreachable), StringComparison.Ordinal);
            Assert.Contains(_events, told => told.Message.Contains("storage.warm", StringComparison.Ordinal));
        }

        await using var again = Open();
        await AssertCompleteAsync(again, 8, "with the tier again");
    }

    /// <summary>Leaves a store with 14 batches in the bucket, and without its manifest.</summary>
    /// <returns>One of its blocks, and what becomes of it when a bit of its footer flips.</returns>
    async Task<(string Key, byte[] Whole, byte[] Damaged)> LoseManifestAsync()
    {
        await using (var store = Open())
        {
            await FillAsync(store, 0, 14);
            await AgeAsync(store, () => BlocksThere > 0 && LocalBlocks == 0, "all blocks in the bucket");
        }

        File.Delete(_folder["manifest"]);
        File.Delete(_folder["buckets.cache"]);
        var (key, whole) = _fake.Objects.First(item => item.Key.EndsWith(".block", StringComparison.Ordinal));
        byte[] damaged = [.. whole];
        damaged[^40] ^= 4;
        return (key, whole, damaged);
    }

    int LocalBlocks => Directory.GetFiles(_folder.Path, "*.block").Length;

    int BlocksThere => _fake.Objects.Keys.Count(key => key.EndsWith(".block", StringComparison.Ordinal));

    TraceStore Open(Files.IStorageFolder? folder = null) => TraceStore.Open(
        Options, folder ?? Files.DiskFolder.OpenOrCreate(_folder.Path), _time, StoreThreads.Dedicated(), Tell, default, newBucket: NewBucket);

    void Tell(StorageEvent told)
    {
        lock (_events)
            _events.Add(told);
    }

    IBucket? NewBucket(TierOptions options, string setting) => options.IsGiven ? new S3Bucket(_fake.Options, setting + ".s3", Quick, TimeProvider.System) : null;

    static async Task FillAsync(TraceStore store, int first, int end)
    {
        for (var seed = first; seed < end; seed++)
            Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(Batches.Random(seed), default)).Outcome);
    }

    /// <summary>Lets time pass until something has come about.</summary>
    async Task AgeAsync(TraceStore store, Func<bool> condition, string what, TimeSpan? step = null)
    {
        for (var day = 0; day < 6; day++)
        {
            _time.Advance(step ?? TimeSpan.FromDays(3));
            // The loops get to see each day; how far they come in it is theirs.
            for (var look = 0; look < 20; look++)
            {
                if (condition())
                    return;
                await Task.Delay(2);
                _time.Advance(TimeSpan.FromSeconds(2));
            }
        }

        await Deadline.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(2));
                return condition();
            },
            $"{what}; blocks: {LocalBlocks} here, {BlocksThere} there; {string.Join(' ', store.Statistics.Unreachable)} {store.Statistics.Trouble}");
    }

    static async Task AssertCompleteAsync(TraceStore store, int batches, string context)
    {
        Batches.AssertSameSpans(Rows(0, batches), await ScanAsync(store), context);
        foreach (var number in Enumerable.Range(0, 8))
        {
            var expected = Rows(0, batches).Where(row => row.Batch.Spans.TraceIds[row.Row] == Batches.Trace(number));
            Batches.AssertSameSpans(expected, Batches.Rows(await store.FindTraceAsync(Batches.Trace(number), default)), $"{context}, trace {number}");
        }
    }

    void AssertUnharmed(TraceStore store)
    {
        Assert.Empty(store.Statistics.Damage);
        Assert.Equal("", store.Statistics.Trouble);
        Assert.DoesNotContain(_events, told => told.Message.Contains("bug", StringComparison.Ordinal));
    }

    static IEnumerable<(SpanBatch Batch, int Row)> Rows(int first, int end) => Enumerable.Range(first, end - first).SelectMany(seed => Batches.Rows(Batches.Random(seed)));

    static async Task<IReadOnlyList<(SpanBatch Batch, int Row)>> ScanAsync(TraceStore store)
    {
        var rows = new List<(SpanBatch Batch, int Row)>();
        await foreach (var batch in store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
            rows.AddRange(Batches.Rows(batch));
        return rows;
    }
}
