using Clew.Model;

namespace Clew.Storage.Tests.Reading;

/// <summary>Scans of a store that has spans in blocks and in the head, whose traces are in many places.</summary>
public sealed class ScanTests : IAsyncLifetime
{
    static readonly StorageOptions Options = new() { SegmentBytesMax = 64 << 10, RowGroupRows = 16, ReadParallelism = 4 };

    readonly TemporaryFolder _folder = new();
    readonly List<SpanBatch> _sent = [];
    TraceStore _store = null!;

    public async Task InitializeAsync() => _store = await TraceStore.OpenAsync(Options, _folder.Path, TimeProvider.System);

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Spans_that_are_shown_are_those_that_testing_each_finds_with_the_columns_that_are_asked_for()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (selection, projection, meter) = (Selections.Random(random), Scans.RandomProjection(random), ReadMeter.Unlimited());
            var found = await SpansAsync(selection, projection, meter);
            var expected = Scans.Matching(_sent, selection).Select(span => Scans.Project(span.Batch, span.Row, projection)).ToList();
            Batches.AssertSameSpans(expected, found, $"seed {seed}: {Selections.Text(selection)}, {projection}");
            Assert.Equal(expected.Count, meter.FoundRowCount);
            Assert.Null(meter.Spent);
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(400)]
    [InlineData(2)]
    public async Task Traces_that_are_shown_are_those_that_meet_every_selection_somewhere_and_whole(int traceCount)
    {
        await FillAsync(batchCount: 60, traceCount);
        var rows = _sent.SelectMany(Batches.Rows).ToLookup(span => span.Batch.Spans.TraceIds[span.Row]);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var (selection, projection) = (Scans.RandomTraces(random), Scans.RandomProjection(random));
            var found = await TracesAsync(selection, projection, ReadMeter.Unlimited());
            Assert.Equal(Scans.Asked(_sent, selection).Order(), found.Select(trace => trace.Id).Order());
            foreach (var (id, spans) in found)
            {
                var expected = rows[id].Select(span => Scans.Project(span.Batch, span.Row, projection));
                Batches.AssertSameSpans(expected, spans, $"seed {seed}: {string.Join(" with ", selection.Each.Select(Selections.Text))}, {projection}, trace {id}");
            }
        }
    }

    [Fact]
    public async Task A_span_that_was_sent_twice_is_shown_twice()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        await FillAsync(batchCount: 60, traceCount: 40);
        var found = await SpansAsync(SpanSelection.All, SpanProjection.All, ReadMeter.Unlimited());
        Assert.Equal(_sent.Sum(batch => batch.SpanCount), found.Count);
        var traces = await TracesAsync(new TraceSelection([]), SpanProjection.All, ReadMeter.Unlimited());
        Assert.Equal(_sent.Sum(batch => batch.SpanCount), traces.Sum(trace => trace.Spans.Length));
    }

    [Fact]
    public async Task Of_a_block_nothing_but_what_is_asked_for_is_read()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        var (starts, all) = (ReadMeter.Unlimited(), ReadMeter.Unlimited());
        var shown = await _store.ScanSpansAsync(SpanSelection.All, new SpanProjection(SpanFields.Starts), () => new DefaultCheck(), starts, default);
        await _store.ScanSpansAsync(SpanSelection.All, SpanProjection.All, () => new DefaultCheck(), all, default);
        Assert.Contains(shown, consumer => consumer.BlockBatches > 0);
        Assert.True(starts.Bytes > 0 && starts.Bytes * 4 < all.Bytes, $"{starts.Bytes} of {all.Bytes} bytes");
    }

    [Fact]
    public async Task What_no_block_has_takes_no_row_group()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        var meter = ReadMeter.Unlimited();
        var selection = new SpanSelection(TimeRange.All, [new SpanCondition.AttributeMatches("text-3", new ValueTest.Text(new TextTest.Is("no such text")), AttributeOwners.Any)]);
        Assert.Empty(await SpansAsync(selection, SpanProjection.All, meter));
        Assert.True(meter is { GroupCount: 0, PrunedBlockCount: > 0 }, $"{meter.GroupCount} row groups, {meter.PrunedBlockCount} blocks");
    }

    [Fact]
    public async Task A_query_whose_share_is_spent_gets_a_part_and_each_trace_of_it_whole()
    {
        await FillAsync(batchCount: 60, traceCount: 400);
        var meter = new ReadMeter(bytesMax: 1, Timeout.InfiniteTimeSpan, TimeProvider.System);
        var found = await SpansAsync(SpanSelection.All, SpanProjection.All, meter);
        Assert.Equal(ReadLimit.Bytes, meter.Spent);
        Assert.InRange(found.Count, 1, _sent.Sum(batch => batch.SpanCount) - 1);
        meter = new ReadMeter(bytesMax: 1, Timeout.InfiniteTimeSpan, TimeProvider.System);
        var traces = await TracesAsync(new TraceSelection([]), SpanProjection.All, meter);
        Assert.Equal(ReadLimit.Bytes, meter.Spent);
        Assert.All(traces, trace => Assert.Equal(_sent.Sum(batch => batch.Spans.TraceIds.Values.Count(trace.Id)), trace.Spans.Length));
    }

    [Fact]
    public async Task Searches_and_look_ups_count_what_they_read_and_stop_between_row_groups()
    {
        await FillAsync(batchCount: 60, traceCount: 400);
        var (search, lookUp) = (ReadMeter.Unlimited(), ReadMeter.Unlimited());
        var all = await _store.FindTracesAsync(SpanSelection.All, int.MaxValue, search, default);
        Assert.True(search is { BlockCount: > 0, GroupCount: > 1, Bytes: > 0, Spent: null } && search.RowCount >= _sent.Sum(batch => batch.SpanCount), $"{search.RowCount} rows");
        TraceId[] ids = [.. all.Select(match => match.Id)];
        Assert.DoesNotContain(null, await _store.FindTracesAsync(ids, lookUp, default));
        Assert.True(lookUp is { BlockCount: > 0, GroupCount: > 1, Bytes: > 0, Spent: null });
        Assert.Equal(_sent.Sum(batch => batch.SpanCount), lookUp.FoundRowCount);

        search = new ReadMeter(bytesMax: 1, Timeout.InfiniteTimeSpan, TimeProvider.System);
        Assert.InRange((await _store.FindTracesAsync(SpanSelection.All, int.MaxValue, search, default)).Count, 1, all.Count);
        Assert.Equal(ReadLimit.Bytes, search.Spent);
        Assert.InRange(search.GroupCount, 1, Options.ReadParallelism);
        lookUp = new ReadMeter(bytesMax: 1, Timeout.InfiniteTimeSpan, TimeProvider.System);
        var part = await _store.FindTracesAsync(ids, lookUp, default);
        Assert.Equal(ReadLimit.Bytes, lookUp.Spent);
        Assert.Contains(null, part);
        Assert.All(part.OfType<SpanBatch>(), trace => Assert.Equal(_sent.Sum(batch => batch.Spans.TraceIds.Values.Count(trace.Spans.TraceIds[0])), trace.SpanCount));
        Assert.All(await _store.FindTracesAsync(ids, lookUp, default), Assert.Null);
    }

    [Fact]
    public async Task Traces_for_which_there_is_no_room_together_are_looked_up_in_turn_and_one_too_large_by_itself_is_left_out()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        TraceId[] ids = [.. (await _store.FindTracesAsync(SpanSelection.All, int.MaxValue, ReadMeter.Unlimited(), default)).Select(match => match.Id)];
        var bytes = (await _store.FindTracesAsync(ids, ReadMeter.Unlimited(), default)).Select(trace => BatchMemory.Of(trace!)).ToArray();
        // A trace is in many places, and while it is put together it is there twice.
        var meter = MeterOf((bytes.Max() * 3) + (60 * 16_000));
        var found = new Dictionary<TraceId, int>();
        await foreach (var (id, spans) in _store.FindEachAsync(ids, meter, default))
            found.Add(id, spans!.SpanCount);
        Assert.All(found, trace => Assert.Equal(_sent.Sum(batch => batch.Spans.TraceIds.Values.Count(trace.Key)), trace.Value));
        Assert.Equal(ids.Length, found.Count);
        Assert.True(meter is { Spent: null, LeftTraceCount: > 0 });
        Assert.Equal(0, meter.Room.Bytes);

        meter = MeterOf(bytes.Max() - 1);
        var largest = ids[Array.IndexOf(bytes, bytes.Max())];
        await foreach (var (id, spans) in _store.FindEachAsync(new TraceId[] { largest }, meter, default))
            Assert.Null(spans);
        Assert.Equal((null, ReadLimit.Memory, 0), (meter.Spent, meter.LeftOut, meter.Room.Bytes));

        // What is in the way may also be the query itself.
        meter = MeterOf(bytes.Max() * 4);
        Assert.True(meter.TakeMemory(meter.Room.BytesMax - 1_000));
        await foreach (var (id, spans) in _store.FindEachAsync(new TraceId[] { largest }, meter, default))
            Assert.Null(spans);
        Assert.Equal((ReadLimit.Memory, null), (meter.Spent, meter.LeftOut));
    }

    [Fact]
    public async Task A_scan_of_traces_keeps_to_its_room_and_gives_it_back()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        var (ample, scarce) = (MeterOf(long.MaxValue), MeterOf(400 << 10));
        var expected = await TracesAsync(new TraceSelection([]), SpanProjection.All, ample);
        var found = await TracesAsync(new TraceSelection([]), SpanProjection.All, scarce);
        Assert.Equal(expected.Select(trace => (trace.Id, trace.Spans.Length)).Order(), found.Select(trace => (trace.Id, trace.Spans.Length)).Order());
        Assert.Equal((null, 0, 0), (scarce.Spent, scarce.Room.Bytes, ample.Room.Bytes));

        var none = MeterOf(10 << 10);
        Assert.InRange((await TracesAsync(new TraceSelection([]), SpanProjection.All, none)).Count, 0, expected.Count - 1);
        Assert.Equal((ReadLimit.Memory, 0), (none.LeftOut, none.Room.Bytes));
    }

    [Fact]
    public async Task A_consumer_that_fails_ends_the_scan_with_its_failure_and_a_query_that_is_cancelled_ends_too()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        await Assert.ThrowsAsync<IOException>(() => _store.ScanSpansAsync(SpanSelection.All, SpanProjection.All, () => new Failing(), ReadMeter.Unlimited(), default));
        await Assert.ThrowsAsync<IOException>(() => _store.ScanTracesAsync(new TraceSelection([]), SpanProjection.All, () => new Failing(), ReadMeter.Unlimited(), default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _store.ScanSpansAsync(SpanSelection.All, SpanProjection.All, () => new Failing(), ReadMeter.Unlimited(), new CancellationToken(canceled: true)));
        Assert.Empty(_store.Statistics.Damage);
    }

    [Fact]
    public async Task Keys_of_attributes_are_listed_by_owner_wherever_the_spans_are()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        Assert.Equal(Keys(_sent), await _store.FindAttributeKeysAsync(TimeRange.All, default));
        Assert.Empty(await _store.FindAttributeKeysAsync(new TimeRange(new UnixNanos(1), new UnixNanos(1)), default));
    }

    [Fact]
    public async Task Keys_of_attributes_are_listed_until_the_meter_is_spent_or_there_are_very_many()
    {
        await FillAsync(batchCount: 60, traceCount: 40);
        var meter = ReadMeter.Unlimited();
        await _store.FindAttributeKeysAsync(TimeRange.All, meter, default);
        Assert.True(meter is { BlockCount: > 0, Spent: null });
        meter.Spend(ReadLimit.Time);
        Assert.Empty(await _store.FindAttributeKeysAsync(TimeRange.All, meter, default));

        for (var number = 0; number < 12; number++)
            await _store.AppendAsync(Batches.Rented(WithKeys(number * 1_000, 1_000)), default);
        meter = ReadMeter.Unlimited();
        Assert.Equal(10_000, (await _store.FindAttributeKeysAsync(TimeRange.All, meter, default)).Count);
        Assert.Equal(ReadLimit.Memory, meter.Spent);
    }

    static SpanBatch WithKeys(int first, int count)
    {
        var (batch, target) = (Batches.Random(seed: 1), new SpanBatch());
        new SpanCopier(target).CopyAll(batch);
        for (var number = first; number < first + count; number++)
            target.Spans.Attributes.Add(target.Strings.Intern($"key {number}"), AnyValue.OfString(0));
        target.EndSpan(new SpanRow
        {
            TraceId = batch.Spans.TraceIds[0], SpanId = new SpanId((ulong)first + 1), Start = batch.Spans.Starts[0], End = batch.Spans.Ends[0], Name = 0, Scope = target.Spans.Scopes[0],
        });
        return target;
    }

    async Task FillAsync(int batchCount, int traceCount)
    {
        foreach (var batch in Enumerable.Range(0, batchCount).Select(seed => Batches.Random(seed, traceCount)))
        {
            _sent.Add(batch);
            await _store.AppendAsync(Batches.Rented(batch), default);
        }

        await Deadline.UntilAsync(() => _store.Statistics is { BlockCount: > 0, SegmentCount: 1 }, "sealing");
        Assert.True(_store.Statistics.HeadSpanCount > 0);
    }

    async Task<List<(SpanBatch Batch, int Row)>> SpansAsync(SpanSelection selection, SpanProjection projection, ReadMeter meter) =>
        [.. (await _store.ScanSpansAsync(selection, projection, () => new Scans.Spans(projection), meter, default)).SelectMany(consumer => consumer.Found)];

    async Task<List<(TraceId Id, (SpanBatch Batch, int Row)[] Spans)>> TracesAsync(TraceSelection selection, SpanProjection projection, ReadMeter meter) =>
        [.. (await _store.ScanTracesAsync(selection, projection, () => new Scans.Traces(projection), meter, default)).SelectMany(consumer => consumer.Found)];

    // Resources and scopes that no span uses are not stored in blocks.
    static IEnumerable<AttributeKey> Keys(List<SpanBatch> batches)
    {
        var keys = new HashSet<AttributeKey>();
        foreach (var (batch, row) in batches.SelectMany(Batches.Rows))
        {
            Add(AttributeOwners.Span, batch.Spans.Attributes, row);
            Add(AttributeOwners.Scope, batch.Scopes.Attributes, batch.Spans.Scopes[row]);
            Add(AttributeOwners.Resource, batch.Resources.Attributes, batch.ResourceOf(row));
            for (var at = batch.Events[row].Start; at < batch.Events[row].End; at++)
                Add(AttributeOwners.Event, batch.Events.Attributes, at);
            for (var at = batch.Links[row].Start; at < batch.Links[row].End; at++)
                Add(AttributeOwners.Link, batch.Links.Attributes, at);

            void Add(AttributeOwners owner, AttributeColumns columns, int of)
            {
                for (var at = columns[of].Start; at < columns[of].End; at++)
                    keys.Add(new AttributeKey(owner, batch.Strings.GetString(columns.Keys[at])));
            }
        }

        return keys.OrderBy(key => key.Owner).ThenBy(key => key.Key, StringComparer.Ordinal);
    }

    sealed class DefaultCheck : ISpanConsumer
    {
        public int BlockBatches { get; private set; }

        public void Take(SpanBatch batch, ReadOnlySpan<int> rows)
        {
            // Batches of the head are shown as they are.
            if (batch.Spans is { Names.IsAllDefault: true, SpanIds.IsAllDefault: true, Ends.IsAllDefault: true, Attributes.Count: 0, Starts.IsAllDefault: false } && batch.Events.Count == 0)
                BlockBatches++;
        }
    }

    sealed class Failing : ISpanConsumer, ITraceConsumer
    {
        public void Take(SpanBatch batch, ReadOnlySpan<int> rows) => throw new IOException("The consumer's disk is full.");

        public void Take(SpanBatch batch, ReadOnlySpan<RowRange> traces) => throw new IOException("The consumer's disk is full.");
    }

    static ReadMeter MeterOf(long memoryBytesMax) => new(long.MaxValue, Timeout.InfiniteTimeSpan, TimeProvider.System, new QueryRoom(memoryBytesMax));
}
