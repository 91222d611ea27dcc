using Clew.Model;

namespace Clew.Analysis.Tests;

public sealed class DependencyGraphTests
{
    [Fact]
    public async Task A_call_is_a_child_in_another_service_whichever_batches_the_two_came_in()
    {
        await using var store = new MemoryStore();
        await store.AppendAsync(new Spans().Service("b").Span(2, parent: 1).Span(3, parent: 2).Batch, default);
        await store.AppendAsync(new Spans().Service("a").Span(1).Service("c").Span(4, parent: 3).Span(5, parent: 99).Batch, default);
        await store.AppendAsync(new Spans().Service("b").Span(2, parent: 1, trace: new TraceId(0, 9)).Batch, default);
        Assert.Equal([new ServiceCall("a", "b", 1), new ServiceCall("b", "c", 1)], await DependencyGraph.ReadAsync(store, TimeRange.All, default));
    }

    [Fact]
    public async Task A_span_that_was_sent_twice_is_one_call()
    {
        await using var store = new MemoryStore();
        for (var round = 0; round < 2; round++)
            await store.AppendAsync(new Spans().Service("a").Span(1).Service("b").Span(2, parent: 1).Batch, default);
        Assert.Equal([new ServiceCall("a", "b", 1)], await DependencyGraph.ReadAsync(store, TimeRange.All, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public async Task A_server_that_shares_its_clients_id_is_called_once_and_is_who_calls_on(int gatheredCountMax)
    {
        await using var store = new MemoryStore();
        for (var round = 0; round < 2; round++)
        {
            await store.AppendAsync(new Spans().Service("front").Span(0xa1).Span(0xb2, parent: 0xa1, kind: SpanKind.Client).Batch, default);
            await store.AppendAsync(
                new Spans().Service("cache").Span(0xe5, parent: 0xb2).Service("back").Span(0xd4, parent: 0xb2).Span(0xb2, parent: 0xa1, kind: SpanKind.Server).Batch, default);
            await store.AppendAsync(new Spans().Service("front").Span(0xb2, kind: SpanKind.Client, trace: new TraceId(0, 9)).Batch, default);
        }

        Assert.Equal(
            [new ServiceCall("back", "cache", 1), new ServiceCall("front", "back", 1)],
            await DependencyGraph.ReadAsync(store, TimeRange.All, default, gatheredCountMax));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(100_000)]
    public async Task However_little_room_there_is_the_counts_are_those_of_all_spans_at_once(int gatheredCountMax)
    {
        for (var round = 0; round < 20; round++)
        {
            var seed = Random.Shared.Next();
            var random = new Random(seed);
            await using var store = new MemoryStore();
            var expected = new SortedDictionary<(string, string), long>();
            var batches = Enumerable.Range(0, 8).Select(_ => new Spans()).ToArray();
            for (var trace = 0UL; trace < 30; trace++)
            {
                // Ids in clusters, at both ends of the range and with an empty upper half.
                var id = new TraceId((trace % 3) switch { 0 => 0, 1 => ulong.MaxValue, _ => trace }, trace % 5 == 0 ? ulong.MaxValue - trace : trace + 1);
                var services = new List<string>();
                var spanCount = random.Next(1, 20);
                for (var span = 0; span < spanCount; span++)
                {
                    var service = $"s{random.Next(4)}";
                    var parent = span == 0 ? -1 : random.Next(span);
                    batches[random.Next(batches.Length)].Service(service).Span((ulong)span + 1, parent: (ulong)(parent + 1), trace: id);
                    services.Add(service);
                    if (parent < 0 || services[parent] == service)
                        continue;
                    var call = (services[parent], service);
                    expected[call] = expected.GetValueOrDefault(call) + 1;
                }
            }

            foreach (var batch in batches)
                await store.AppendAsync(batch.Batch, default);
            var calls = await DependencyGraph.ReadAsync(store, TimeRange.All, default, gatheredCountMax);
            Assert.True(expected.Select(call => new ServiceCall(call.Key.Item1, call.Key.Item2, call.Value)).SequenceEqual(calls), $"seed {seed}");
        }
    }

    public static TheoryData<string, Func<Random, TraceId>> IdShapes => new()
    {
        { "uniform", random => new TraceId((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64()) },
        { "64 bits", random => new TraceId(0, (ulong)random.NextInt64(long.MinValue, long.MaxValue)) },
        { "counted", random => new TraceId(0, (ulong)random.Next(1, 100_000)) },
        { "time first", random => new TraceId(0x6900_0000_0000_0000 + ((ulong)random.Next(100_000) << 32), (ulong)random.NextInt64()) },
        { "half 64 bits", random => new TraceId(random.Next(2) == 0 ? 0 : (ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64()) },
    };

    [Theory]
    [MemberData(nameof(IdShapes))]
    public async Task However_ids_are_made_few_spans_are_read_more_than_once(string shape, Func<Random, TraceId> newId)
    {
        const int TraceCount = 5_000, SpansPerTrace = 4, Room = 500;
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var store = new MemoryStore();
        for (var batch = 0; batch < 20; batch++)
        {
            var ids = Enumerable.Range(0, TraceCount / 20).Select(_ => newId(random)).ToArray();
            var spans = new Spans();
            for (var span = 1UL; span <= SpansPerTrace; span++)
            {
                spans.Service($"s{span}");
                foreach (var id in ids)
                    spans.Span(span, parent: span - 1, trace: id);
            }

            await store.AppendAsync(spans.Batch, default);
        }

        Assert.NotEmpty(await DependencyGraph.ReadAsync(store, TimeRange.All, default, Room));
        const int SpanCount = TraceCount * SpansPerTrace;
        Assert.True(store.ScannedSpanCount < 3 * SpanCount, $"{shape}, seed {seed}: {store.ScannedSpanCount} of {SpanCount}");
    }
}
