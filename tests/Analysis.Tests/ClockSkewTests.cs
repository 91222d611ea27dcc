using Clew.Model;

namespace Clew.Analysis.Tests;

public sealed class ClockSkewTests
{
    const long Second = 1_000_000_000;

    static readonly (string Key, object? Value) Here = ("host.name", "here"), There = ("host.name", "there");

    [Theory]
    [InlineData(100, 200, 120, 180, 0)] // Inside: nothing to explain.
    [InlineData(100, 200, 100, 200, 0)]
    [InlineData(100, 200, 50, 90, 80)] // Too early: centred, 30 after the parent's start.
    [InlineData(100, 200, 190, 230, -60)] // Too late: centred.
    [InlineData(100, 200, 50, 250, 50)] // Longer than the parent, and before it: starts with it.
    [InlineData(100, 200, 120, 400, 0)] // Longer, and after it: work that nobody waits for.
    [InlineData(100, 201, 90, 90, 60)] // The middle of an odd length, rounded down.
    public void A_child_on_another_host_is_moved_where_causality_allows_it(ulong parentStart, ulong parentEnd, ulong childStart, ulong childEnd, long shift)
    {
        var batch = new Spans().Service("a", Here).Span(1, start: parentStart, end: parentEnd).Service("b", There).Span(2, parent: 1, start: childStart, end: childEnd).Batch;
        Assert.Equal(shift, AdjustedTrace.Of(batch, Second).ShiftNanosOf(1));
    }

    [Fact]
    public void A_child_on_the_same_host_is_believed()
    {
        var batch = new Spans().Service("a", Here).Span(1, start: 100, end: 200).Service("b", Here).Span(2, parent: 1, start: 10, end: 20).Batch;
        Assert.Equal(0, AdjustedTrace.Of(batch, Second).ShiftNanosOf(1));
    }

    [Fact]
    public void A_child_on_an_unknown_host_is_never_believed()
    {
        var batch = new Spans().Service("a").Span(1, start: 100, end: 200).Service("b").Span(2, parent: 1, start: 10, end: 20).Batch;
        Assert.Equal(135, AdjustedTrace.Of(batch, Second).ShiftNanosOf(1));
    }

    [Fact]
    public void What_lies_below_on_the_same_host_moves_along()
    {
        var batch = new Spans()
            .Service("a", Here).Span(1, start: 1_000, end: 2_000)
            .Service("b", There).Span(2, parent: 1, start: 100, end: 300).Span(3, parent: 2, start: 150, end: 5_000)
            .Service("a", Here).Span(4, parent: 3, start: 1_500, end: 1_600).Batch;
        var trace = AdjustedTrace.Of(batch, Second);
        Assert.Equal(1_300, trace.ShiftNanosOf(1));
        Assert.Equal(1_300, trace.ShiftNanosOf(2));

        // Compared with its parent as moved: that one now runs from 1450, so this call back lies inside.
        Assert.Equal(0, trace.ShiftNanosOf(3));
    }

    [Theory]
    [InlineData("host.id", "host.name")]
    [InlineData("host.ip", "host.name")]
    public void An_id_says_more_about_a_host_than_its_name(string stronger, string weaker)
    {
        var batch = new Spans()
            .Service("a", (stronger, "x"), (weaker, "one")).Span(1, start: 100, end: 200)
            .Service("b", (stronger, "x"), (weaker, "two")).Span(2, parent: 1, start: 10, end: 20).Batch;
        Assert.Equal(0, AdjustedTrace.Of(batch, Second).ShiftNanosOf(1));
    }

    [Fact]
    public void The_first_of_several_addresses_is_the_host()
    {
        var batch = new Spans()
            .Service("a", ("host.ip", new object?[] { "10.0.0.1", "10.0.0.2" })).Span(1, start: 100, end: 200)
            .Service("b", ("host.ip", "10.0.0.1")).Span(2, parent: 1, start: 10, end: 20).Batch;
        Assert.Equal(0, AdjustedTrace.Of(batch, Second).ShiftNanosOf(1));
    }

    [Theory]
    [InlineData(0, 0, "clock skew adjustment disabled; not applying calculated delta of 135ns")]
    [InlineData(100, 0, "max clock skew adjustment delta of 100ns exceeded; not applying calculated delta of 135ns")]
    [InlineData(135, 135, "This span's timestamps were adjusted by 135ns")]
    public void What_was_done_is_said(long nanosMax, long shift, string warning)
    {
        var batch = new Spans().Service("a", Here).Span(1, start: 100, end: 200).Service("b", There).Span(2, parent: 1, start: 10, end: 20).Batch;
        var trace = AdjustedTrace.Of(batch, nanosMax);
        Assert.Equal((shift, warning), (trace.ShiftNanosOf(1), trace.WarningsOf(1).SingleOrDefault()));
        Assert.Null(trace.WarningsOf(0).SingleOrDefault());
    }

    [Fact]
    public void Spans_that_share_an_id_and_spans_without_their_parent_stay_where_they_are()
    {
        var batch = new Spans().Service("a", Here).Span(1, start: 100, end: 200).Span(1, start: 110, end: 120).Span(3, parent: 9, start: 5, end: 6).Batch;
        var trace = AdjustedTrace.Of(batch, Second);
        Assert.Equal("duplicate span IDs; skipping clock skew adjustment", trace.WarningsOf(1).SingleOrDefault());
        Assert.Equal("parent span ID=0000000000000009 is not in the trace; skipping clock skew adjustment", trace.WarningsOf(2).SingleOrDefault());
        Assert.Equal((0, 0), (trace.ShiftNanosOf(1), trace.ShiftNanosOf(2)));
    }

    [Fact]
    public void Spans_that_claim_each_other_as_parents_are_left_alone()
    {
        var batch = new Spans().Service("a", Here).Span(1, parent: 2).Service("b", There).Span(2, parent: 1, start: 1, end: 2).Span(3, parent: 3).Batch;
        var trace = AdjustedTrace.Of(batch, Second);
        Assert.All([0, 1, 2], row => Assert.Equal(0, trace.ShiftNanosOf(row)));
    }

    [Fact]
    public void No_claim_about_time_overflows()
    {
        ulong[] claims = [0, 1, ulong.MaxValue, ulong.MaxValue - 1, long.MaxValue, (ulong)long.MaxValue + 1, 1_700_000_000_000_000_000];
        foreach (var start in claims)
        {
            foreach (var end in claims)
            {
                var batch = new Spans()
                    .Service("a", Here).Span(1, start: claims[2], end: start).Service("b", There).Span(2, parent: 1, start: start, end: end)
                    .Service("a", Here).Span(3, parent: 2, start: end, end: start).Batch;
                foreach (var nanosMax in (long[])[0, Second, long.MaxValue])
                {
                    var trace = AdjustedTrace.Of(batch, nanosMax);
                    for (var row = 0; row < 3; row++)
                        Assert.True(Int128.Abs(trace.ShiftNanosOf(row)) <= nanosMax, $"{start} {end} {nanosMax}");
                }
            }
        }
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_spans_is_walked()
    {
        var spans = new Spans();
        for (var id = 1UL; id <= 100_000; id++)
            spans.Service("a", id % 2 == 0 ? Here : There).Span(id, parent: id - 1, start: 1_000_000 - id, end: 1_000_000);
        Assert.Equal(100_000, AdjustedTrace.Of(spans.Batch, Second).Rows.Count);
    }
}
