using Clew.Model;
using Clew.Storage.Compaction;

namespace Clew.Storage.Tests;

/// <summary>The store on real files.</summary>
public sealed class TraceStoreTests
{
    static readonly StorageOptions Options = new();

    [Fact]
    public async Task Acknowledged_spans_are_found_before_and_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        var batches = Enumerable.Range(0, 30).Select(seed => Batches.Random(seed)).ToArray();
        await using (var store = await OpenAsync(folder.Path))
        {
            var results = await Task.WhenAll(batches.Select(batch => Task.Run(() => store.AppendAsync(batch, default).AsTask())));
            Assert.All(results, result => Assert.Equal(AppendOutcome.Stored, result.Outcome));
            await AssertFindsAsync(store, batches);
            Assert.InRange(store.Statistics.FlushCount, 1, 30);
        }

        await using var reopened = await OpenAsync(folder.Path);
        await AssertFindsAsync(reopened, batches);
        Assert.Empty(reopened.Statistics.Damage);
        Assert.Equal(batches.Sum(batch => batch.SpanCount), reopened.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_second_store_is_told_who_has_the_folder()
    {
        using var folder = new TemporaryFolder();
        await using var store = await OpenAsync(folder.Path);
        var locked = await Assert.ThrowsAsync<StoreLockedException>(() => OpenAsync(folder.Path));
        Assert.Equal(Environment.ProcessId, locked.Holder);
        Assert.Contains(folder.Path, locked.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_whose_parent_is_missing_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var failure = await Assert.ThrowsAsync<StoreFolderException>(() => OpenAsync(folder["missing/data"]));
        Assert.Contains(folder["missing"], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["data"], "");
        await Assert.ThrowsAsync<StoreFolderException>(() => OpenAsync(folder["data"]));
    }

    [Fact]
    public async Task Wrong_options_are_all_named_at_once()
    {
        using var folder = new TemporaryFolder();
        var wrong = Options with { SegmentBytesMax = 1, FlushWaitMillis = 9, Compression = (BlockCompression)7 };
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => TraceStore.OpenAsync(wrong, folder.Path, TimeProvider.System));
        Assert.Contains("segment_bytes_max", failure.Message, StringComparison.Ordinal);
        Assert.Contains("flush_wait_millis", failure.Message, StringComparison.Ordinal);
        Assert.Contains("compression", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_and_operations_are_listed_in_order()
    {
        using var folder = new TemporaryFolder();
        var batches = Enumerable.Range(0, 5).Select(seed => Batches.Random(seed)).ToArray();
        await using var store = await OpenAsync(folder.Path);
        foreach (var batch in batches)
            await store.AppendAsync(batch, default);
        var expected = batches.SelectMany(ServiceOperation.AllOf).Distinct().ToArray();
        Assert.Equal(expected.Select(operation => operation.Service).Distinct().Order(StringComparer.Ordinal), await store.FindServicesAsync(default));
        foreach (var service in expected.Select(operation => operation.Service).Distinct())
        {
            Assert.Equal(
                expected.Where(operation => operation.Service == service).OrderBy(operation => operation.Name, StringComparer.Ordinal)
                    .ThenBy(operation => operation.Kind).Select(operation => new Operation(operation.Name, operation.Kind)),
                await store.FindOperationsAsync(service, default));
        }

        Assert.Empty(await store.FindOperationsAsync("no such service", default));
    }

    [Theory]
    [InlineData(BlockCompression.Auto)]
    [InlineData(BlockCompression.Lz4)]
    [InlineData(BlockCompression.None)]
    public async Task Sealed_spans_are_found_as_if_they_were_in_the_head(BlockCompression compression)
    {
        using var folder = new TemporaryFolder();
        var options = Options with { SegmentBytesMax = 64 << 10, RowGroupRows = 64, Compression = compression, Compaction = new CompactionOptions { MergeBlocksMin = 64 } };
        var batches = Enumerable.Range(0, 150).Select(seed => Batches.Random(seed, traceCount: 200)).ToArray();
        await using (var store = await OpenAsync(folder.Path, options))
        {
            foreach (var batch in batches)
                await store.AppendAsync(batch, default);
            await Deadline.UntilAsync(() => store.Statistics.SegmentCount <= 2, "sealing");
            Assert.True(store.Statistics.BlockCount > 2);
            await AssertFindsAsync(store, batches);
            await AssertSearchesAsync(store, batches);
        }

        await using var reopened = await OpenAsync(folder.Path, options);
        await AssertFindsAsync(reopened, batches);
        await AssertSearchesAsync(reopened, batches);
        Assert.Empty(reopened.Statistics.Damage);
    }

    [Fact]
    public async Task What_was_cancelled_before_it_began_does_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var store = await OpenAsync(folder.Path);
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.AppendAsync(Batches.Random(1), cancelled));
        Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(Batches.Random(2), default)).Outcome);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.FindTraceAsync(Batches.Trace(0), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.FindTracesAsync(SpanSelection.All, 10, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var batch in store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), cancelled))
                Assert.Fail($"{batch.SpanCount} spans of a cancelled scan.");
        });
        Assert.Equal(Batches.Random(2).SpanCount, store.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_batch_without_spans_is_stored_without_a_write()
    {
        using var folder = new TemporaryFolder();
        await using var store = await OpenAsync(folder.Path);
        Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(new SpanBatch(), default)).Outcome);
        Assert.Equal(0, store.Statistics.FlushCount);
    }

    [Fact]
    public async Task A_store_that_is_closed_refuses_and_its_folder_can_be_opened_again()
    {
        using var folder = new TemporaryFolder();
        var store = await OpenAsync(folder.Path);
        await store.DisposeAsync();
        Assert.Equal(AppendOutcome.Closing, (await store.AppendAsync(Batches.Random(1), default)).Outcome);
        await using var reopened = await OpenAsync(folder.Path);
        Assert.Equal(0, reopened.Statistics.SpanCount);
    }

    [Fact]
    public async Task A_thousand_small_requests_do_not_fill_the_head_before_the_segment()
    {
        using var folder = new TemporaryFolder();
        await using var store = await OpenAsync(folder.Path, Options with { SegmentBytesMax = 1 << 20, HeadBytesMax = 4 << 20 });
        for (var seed = 0; seed < 2_000; seed++)
        {
            while ((await store.AppendAsync(Batches.Random(seed, spanCountMax: 1), default)).Outcome != AppendOutcome.Stored)
                await Task.Yield();
        }

        Assert.Equal(2_000, store.Statistics.SpanCount);
        Assert.True(store.Statistics.BlockCount > 0);
    }

    [Fact]
    public async Task A_store_that_is_disposed_says_so_and_may_be_disposed_again()
    {
        using var folder = new TemporaryFolder();
        var store = await OpenAsync(folder.Path, Options with { SegmentBytesMax = 64 << 10 });
        for (var seed = 0; seed < 60; seed++)
            await store.AppendAsync(Batches.Random(seed), default);
        await Deadline.UntilAsync(() => store.Statistics.BlockCount > 0, "sealing");
        await store.DisposeAsync();
        await store.DisposeAsync();
        var find = Task.Run(() => store.FindTraceAsync(Batches.Trace(1), default).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => find.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.FindTracesAsync(Selections.Random(new Random(1)), 1, default).AsTask());
    }

    [Fact]
    public async Task Searches_by_many_threads_at_once_answer_as_each_alone()
    {
        using var folder = new TemporaryFolder();
        await using var store = await OpenAsync(folder.Path, Options with { SegmentBytesMax = 64 << 10, RowGroupRows = 16, ReadParallelism = 4 });
        var batches = Enumerable.Range(0, 60).Select(seed => Batches.Random(seed, traceCount: 40)).ToArray();
        foreach (var batch in batches)
            await store.AppendAsync(batch, default);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => AssertSearchesAsync(store, batches))));
        await AssertFindsAsync(store, batches);
    }

    [Fact]
    public async Task Of_spans_at_the_end_of_time_the_answer_is_the_same_wherever_they_are()
    {
        using var folder = new TemporaryFolder();
        await using var store = await OpenAsync(folder.Path, Options with { SegmentBytesMax = 64 << 10, RowGroupRows = 16 });
        var batches = Enumerable.Range(0, 60).Select(seed => Batches.Random(seed, traceCount: 400)).ToArray();
        foreach (var batch in batches)
        {
            batch.Spans.Starts.Writable.Fill(UnixNanos.MaxValue);
            await store.AppendAsync(batch, default);
        }

        await Deadline.UntilAsync(() => store.Statistics.BlockCount > 0, "sealing");
        foreach (var countMax in new[] { 1, 2, 20 })
            Assert.Equal(Selections.Newest(batches, SpanSelection.All, countMax), await store.FindTracesAsync(SpanSelection.All, countMax, default));
    }

    static Task<TraceStore> OpenAsync(string folder, StorageOptions? options = null) => TraceStore.OpenAsync(options ?? Options, folder, TimeProvider.System);

    static async Task AssertSearchesAsync(TraceStore store, SpanBatch[] batches)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var selection = Selections.Random(random);
            var countMax = random.Next(1, 30);
            Assert.True(
                Selections.Newest(batches, selection, countMax).SequenceEqual(await store.FindTracesAsync(selection, countMax, default)),
                $"seed {seed}: {selection} {string.Join(" and ", selection.Conditions)}");
        }

        var scanned = new List<(SpanBatch, int)>();
        await foreach (var batch in store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
            scanned.AddRange(Batches.Rows(batch));
        Assert.Equal(batches.Sum(batch => batch.SpanCount), scanned.Count);
    }

    static async Task AssertFindsAsync(TraceStore store, SpanBatch[] batches)
    {
        var rows = batches.SelectMany(Batches.Rows).ToLookup(span => span.Batch.Spans.TraceIds[span.Row]);
        foreach (var trace in rows)
            Batches.AssertSameSpans(trace, Batches.Rows(await store.FindTraceAsync(trace.Key, default)), $"trace {trace.Key}");
        Assert.Null(await store.FindTraceAsync(new TraceId(1, 1), default));
    }
}
