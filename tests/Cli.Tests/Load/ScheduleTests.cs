using Clew.Cli.Load;
using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Tests.Load;

public sealed class ScheduleTests
{
    const double SpansPerSecond = 4_000;
    static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    static readonly long NowNanos = (Now - DateTimeOffset.UnixEpoch).Ticks * 100;
    static readonly TraceCorpus Corpus = TraceCorpus.Build(3, 400, WorkloadMix.Everything(), SpansPerSecond);

    [Fact]
    public void Without_a_rate_everything_is_due_at_once_and_no_span_ends_in_the_future()
    {
        foreach (var order in Take(Schedule(isPaced: false), 3 * Corpus.Requests.Length))
        {
            Assert.Equal(TimeSpan.Zero, order.Due);
            Assert.True(Corpus.Requests[order.RequestIndex].ExportNanos + order.Salt.ShiftNanos <= NowNanos);
        }
    }

    [Fact]
    public void At_a_rate_requests_are_due_in_order_when_their_spans_have_just_ended_and_the_rate_is_kept_from_the_start()
    {
        var orders = Take(Schedule(isPaced: true), 3 * Corpus.Requests.Length);
        Assert.Equal(orders.Select(order => order.Due).Order(), orders.Select(order => order.Due));
        foreach (var order in orders)
            Assert.InRange(NowNanos + (order.Due.Ticks * 100) - (Corpus.Requests[order.RequestIndex].ExportNanos + order.Salt.ShiftNanos), -100, 100);
        var spans = orders.Sum(order => Corpus.Requests[order.RequestIndex].SpanCount);
        Assert.InRange(spans / orders[^1].Due.TotalSeconds, SpansPerSecond * 0.95, SpansPerSecond * 1.05);
        Assert.Equal(3 * Corpus.SpanCount, spans);
    }

    [Fact]
    public void No_request_of_a_round_is_sent_twice_or_left_out()
    {
        foreach (var isPaced in new[] { false, true })
        {
            var orders = Take(Schedule(isPaced), 10 * Corpus.Requests.Length);
            Assert.Equal(orders.Length, orders.Select(order => (order.Round, order.RequestIndex)).Distinct().Count());
            Assert.Equal(Corpus.Requests.Length, orders.Count(order => order.Round == 1));
            Assert.Equal(orders.Select(order => order.Salt).Distinct().Count(), orders.Select(order => order.Round).Distinct().Count());
        }
    }

    [Fact]
    public void A_trace_whose_request_was_sent_again_for_want_of_an_answer_may_be_there_twice_and_no_other()
    {
        var schedule = Schedule(isPaced: false);
        foreach (var order in Take(schedule, Corpus.Requests.Length))
            schedule.Acknowledge(order, mayBeTwice: order.RequestIndex % 9 == 4);
        var sample = schedule.Sample(200);
        Assert.Contains(sample, trace => trace.MayBeTwice);
        Assert.Contains(sample, trace => !trace.MayBeTwice);
        foreach (var trace in sample)
        {
            Assert.True(trace.IsWhole(trace.SpanCount));
            Assert.False(trace.IsWhole(trace.SpanCount - 1));
            Assert.Equal(trace.MayBeTwice, trace.IsWhole(trace.SpanCount + 1));
        }
    }

    [Fact]
    public void A_sample_has_only_traces_of_which_every_request_was_acknowledged()
    {
        var schedule = Schedule(isPaced: false);
        var lost = new HashSet<int>();
        foreach (var order in Take(schedule, Corpus.Requests.Length))
        {
            if (order.RequestIndex % 9 == 4)
                lost.Add(order.RequestIndex);
            else
                schedule.Acknowledge(order, mayBeTwice: false);
        }

        var salt = Take(Schedule(isPaced: false), 1)[0].Salt;
        var whole = Corpus.Traces.Where(trace => !trace.RequestIndexes.Any(lost.Contains)).Select(trace => trace.In(salt)).ToHashSet();
        Assert.NotEmpty(whole);
        Assert.True(whole.Count < Corpus.Traces.Length);
        var sample = schedule.Sample(Corpus.Traces.Length);
        Assert.NotEmpty(sample);
        Assert.Subset(whole, sample.ToHashSet());
        Assert.Empty(Schedule(isPaced: false).Sample(10));
    }

    [Fact]
    public void It_ends_with_the_request_that_reaches_the_number_of_spans()
    {
        var schedule = new LoadSchedule(Corpus, 1, false, spanCountMax: 1_000, TimeProvider.System);
        var spans = 0;
        var last = 0;
        while (schedule.TryTake(out var order))
            spans += last = Corpus.Requests[order.RequestIndex].SpanCount;
        Assert.InRange(spans, 1_000, 1_000 + last - 1);
    }

    static LoadSchedule Schedule(bool isPaced) => new(Corpus, run: 1, isPaced, long.MaxValue, new StandingTime());

    static SendOrder[] Take(LoadSchedule schedule, int count) => [.. Enumerable.Range(0, count).Select(_ => schedule.TryTake(out var order) ? order : throw new InvalidOperationException("The schedule ended."))];

    sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
