using Clew.Model;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Searching;
using Clew.TraceQL.Tags;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Queries that have memory together: each gives back what it took, however it ends.</summary>
public sealed class TotalMemoryTests
{
    static readonly MetricsRequest EachSecond = new() { Start = new UnixNanos(0), End = new UnixNanos(5_000_000_000), StepNanos = 1_000_000_000, Budget = QueryBudget.Unlimited };

    [Theory]
    [InlineData("{ } | by(span:id)")]
    [InlineData("{ } | rate() by (span:id)")]
    [InlineData("{ } | by(span:id) | rate()")]
    public async Task What_a_query_takes_goes_back_when_its_answer_is_disposed(string text)
    {
        var memory = new QueryMemory(1 << 30);
        using (await AnswerAsync(await StoreAsync(), text, memory))
            Assert.InRange(memory.Bytes, 1, memory.BytesMax);
        Assert.Equal(0, memory.Bytes);
    }

    [Theory]
    [InlineData("{ } | by(span:id)")]
    [InlineData("{ } | rate() by (span:id)")]
    public async Task A_query_for_which_others_leave_too_little_answers_in_part_and_names_that_bound(string text)
    {
        var store = await StoreAsync();
        var memory = new QueryMemory(64 << 20);
        using var other = new QueryRoom(long.MaxValue, memory);
        // The traces fit, and some of what is found in them.
        var traces = text.Contains("rate", StringComparison.Ordinal) ? 0 : store.Batches.Sum(BatchMemory.Of);
        Assert.Equal(ReadLimit.None, other.Take(memory.BytesMax - traces - QueryRoom.StepBytes));
        using (var answer = await AnswerAsync(store, text, memory))
            Assert.Equal(ReadLimit.TotalMemory, answer is SearchResult search ? search.Report.Partial : ((MetricsResult)answer).Report.Partial);
        other.Dispose();
        Assert.Equal(0, memory.Bytes);
        using (var answer = await AnswerAsync(store, text, memory))
            Assert.Null(answer is SearchResult search ? search.Report.Partial : ((MetricsResult)answer).Report.Partial);
    }

    [Theory]
    [InlineData("{ }")]
    [InlineData("{ } | rate()")]
    [InlineData("{ } | by(name) | rate()")]
    public async Task A_query_for_which_others_leave_nothing_is_refused(string text)
    {
        var store = await StoreAsync();
        var memory = new QueryMemory(1 << 20);
        using var other = new QueryRoom(long.MaxValue, memory);
        other.Take(memory.BytesMax);
        await Assert.ThrowsAsync<NoMemoryException>(() => AnswerAsync(store, text, memory));
        Assert.Equal(memory.BytesMax, memory.Bytes);
        await Assert.ThrowsAsync<NoMemoryException>(() => new TagSearch(store, TimeProvider.System, memory).FindValuesAsync(
            new Syntax.FieldExpression.Field(Syntax.Intrinsic.Name), TimeRange.All, filter: null, 10, QueryBudget.Unlimited, default));
        Assert.Equal(memory.BytesMax, memory.Bytes);
    }

    [Theory]
    [InlineData("{ } | by(span:id)")]
    [InlineData("{ } | rate() by (span:id)")]
    public async Task Of_a_query_that_fails_or_is_cancelled_nothing_stays_taken(string text)
    {
        var memory = new QueryMemory(1 << 30);
        var store = await StoreAsync();
        using var cancellation = new CancellationTokenSource();
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        var engine = new TraceQLEngine(store, new CancellingClock(cancellation), memory);
        var budget = QueryBudget.Unlimited with { Within = TimeSpan.FromHours(1) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.Spans is not null
            ? engine.SearchAsync(query, new SearchRequest { TraceCountMax = 20, CandidatesMax = 0, Budget = budget }, cancellation.Token)
            : (Task)engine.MetricsAsync(query, EachSecond with { Budget = budget }, cancellation.Token));
        Assert.Equal(0, memory.Bytes);
        store.ReadFailure = new IOException("gone");
        await Assert.ThrowsAsync<IOException>(() => AnswerAsync(store, text, memory));
        Assert.Equal(0, memory.Bytes);
    }

    static async Task<IDisposable> AnswerAsync(MemoryStore store, string text, QueryMemory memory)
    {
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        var engine = new TraceQLEngine(store, TimeProvider.System, memory);
        return query.Spans is not null
            ? await engine.SearchAsync(query, new SearchRequest { TraceCountMax = 60, SpansPerSpansetMax = 10, Budget = QueryBudget.Unlimited }, default)
            : await engine.MetricsAsync(query, EachSecond, default);
    }

    /// <summary>Sixty traces of a hundred spans, each sent by itself.</summary>
    static Task<MemoryStore> StoreAsync()
    {
        var next = 0;
        return PlainBatches.StoreOfAsync(
            Enumerable.Range(0, 6_000).Select(number => new PlainSpan { Trace = new TraceId(0, ((ulong)number / 100) + 1), Id = (ulong)number + 1, Name = "op", Start = (ulong)number, End = (ulong)number + 1 }),
            () => next++ / 100);
    }

    /// <summary>Whoever asked goes away when the clock has been looked at some times.</summary>
    sealed class CancellingClock(CancellationTokenSource asked) : TimeProvider
    {
        int _lookCount;

        public override long GetTimestamp()
        {
            if (++_lookCount == 6)
                asked.Cancel();
            return 0;
        }
    }
}
