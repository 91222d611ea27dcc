using Clew.Model;
using Clew.Storage.Files;
using Clew.Storage.Head;
using Clew.Storage.Segments;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Segments;

/// <summary>What the committer answers before anything is queued, and what becomes of batches that it does not store.</summary>
/// <remarks>By itself: another test must not rent a batch between its release and the look at it.</remarks>
[Collection(nameof(CommitterTests))]
public sealed class CommitterTests : IDisposable
{
    readonly TemporaryFolder _temporary = new();
    readonly ManualTime _time = new();
    readonly StoreContents _contents = new(new OperationCatalog());

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_batch_larger_than_a_record_is_refused_for_good_and_counted()
    {
        var batch = Batches.Rented(Batches.Random(1));
        var committer = NewCommitter(new StorageOptions(), recordBytesMax: 100);
        var result = await committer.AppendAsync(batch, default);
        Assert.Equal(AppendOutcome.TooLarge, result.Outcome);
        Assert.Equal(TimeSpan.Zero, result.RetryAfter);
        Assert.Contains("smaller", result.Reason, StringComparison.Ordinal);
        Assert.Equal((1L, 0L), (committer.RefusedCount, committer.InFlightBytes));
        AssertIsReleased(batch);
    }

    [Theory]
    [InlineData(AppendOutcome.TooLarge)]
    [InlineData(AppendOutcome.Overloaded)]
    public async Task A_batch_that_is_refused_was_not_made_ready_for_the_head(AppendOutcome outcome)
    {
        var isTooLarge = outcome == AppendOutcome.TooLarge;
        var committer = NewCommitter(new StorageOptions { InFlightBytesMax = 64 << 10 }, recordBytesMax: isTooLarge ? 100_000 : RecordHeader.PayloadBytesMax);
        if (!isTooLarge)
            _ = committer.AppendAsync(Batches.Rented(Batches.Random(1)), default).AsTask();
        var inFlight = committer.InFlightBytes;
        // The first fills the pools that encoding rents from.
        await RefuseAsync(committer, outcome);
        var allocated = await RefuseAsync(committer, outcome);
        // The head needs a text for each operation.
        Assert.InRange(allocated, 0, 64 << 10);
        Assert.Equal((2L, inFlight), (committer.RefusedCount, committer.InFlightBytes));
    }

    static async Task<long> RefuseAsync(Committer committer, AppendOutcome outcome)
    {
        var batch = Batches.Rented(ManyOperations(count: 4_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var append = committer.AppendAsync(batch, default);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(append.IsCompleted);
        Assert.Equal(outcome, (await append).Outcome);
        AssertIsReleased(batch);
        return allocated;
    }

    static SpanBatch ManyOperations(int count)
    {
        var batch = new SpanBatch();
        batch.Scopes.End(batch.Resources.End(0, 0), 0, 0, 0, 0);
        for (var number = 0; number < count; number++)
        {
            var name = batch.Strings.Intern(System.Text.Encoding.UTF8.GetBytes($"operation {number}"));
            batch.EndSpan(new SpanRow { TraceId = new TraceId(7, 7), SpanId = new SpanId((ulong)number + 1), Start = new UnixNanos(1), End = new UnixNanos(2), Scope = 0, Name = name });
        }

        return batch;
    }

    [Fact]
    public async Task A_batch_whose_sender_goes_away_before_it_is_queued_is_released()
    {
        var head = new HeadBatch(Batches.Random(1));
        var committer = NewCommitter(new StorageOptions { HeadBytesMax = head.MemoryBytes * 3 / 2 });
        _contents.Publish(new HeadSegment(1, default), head);
        var cancelled = Batches.Rented(Batches.Random(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await committer.AppendAsync(cancelled, new CancellationToken(canceled: true)));
        AssertIsReleased(cancelled);

        // More than half of the head waits to be sealed: an append waits before it queues.
        using var sender = new CancellationTokenSource();
        var waiting = Batches.Rented(Batches.Random(3));
        var append = committer.AppendAsync(waiting, sender.Token).AsTask();
        Assert.False(append.IsCompleted);
        await sender.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        AssertIsReleased(waiting);
        Assert.Equal(0, committer.InFlightBytes);
    }

    [Fact]
    public async Task A_bug_in_the_loop_fails_all_that_wait_and_leaves_nothing_in_flight()
    {
        var isBroken = true;
        var folder = new HinderedFolder(_temporary.Path)
        {
            Before = (verb, _) =>
            {
                if (isBroken && verb == "write")
                    throw new InvalidOperationException("a bug that the test made");
            },
        };
        var committer = NewCommitter(new StorageOptions(), folder);
        SpanBatch[] batches = [.. Enumerable.Range(1, 3).Select(seed => Batches.Rented(Batches.Random(seed)))];
        Task<AppendResult>[] appends = [.. batches.Select(batch => committer.AppendAsync(batch, default).AsTask())];
        Assert.True(committer.InFlightBytes > 0);
        await Assert.ThrowsAsync<InvalidOperationException>(committer.RunAsync);
        foreach (var append in appends)
            await Assert.ThrowsAsync<InvalidOperationException>(() => append);
        Assert.Equal(0, committer.InFlightBytes);
        isBroken = false;
        var late = Batches.Rented(Batches.Random(4));
        await Assert.ThrowsAsync<IOException>(async () => await committer.AppendAsync(late, default));
        AssertIsReleased(late);
    }

    // What was released once cannot be again.
    static void AssertIsReleased(SpanBatch batch) => Assert.Throws<InvalidOperationException>(batch.Release);

    Committer NewCommitter(StorageOptions options, IStorageFolder? folder = null, int recordBytesMax = RecordHeader.PayloadBytesMax)
    {
        var log = new SegmentLog(folder ?? DiskFolder.OpenOrCreate(_temporary.Path), _contents, options, _time, _ => { });
        return new Committer(log, _contents, options, _time) { RecordBytesMax = recordBytesMax };
    }

    [CollectionDefinition(nameof(CommitterTests), DisableParallelization = true)]
    public sealed class Alone;
}
