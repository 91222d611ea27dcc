using Clew.Model;

namespace Clew.Analysis.Tests;

public sealed class DistinctSpansTests
{
    [Fact]
    public void Of_spans_that_are_the_same_the_first_stays()
    {
        var batch = new SpanBatch();
        Add(batch, "event", 1);
        Add(batch, "event", 2);
        Add(batch, "event", 1);
        var distinct = DistinctSpans.Of(batch);
        Assert.Equal([0, 1], distinct.Rows);
        Assert.Equal(1, distinct.CopyCount);
        Assert.Equal(2, distinct.ToBatch().SpanCount);
    }

    [Fact]
    public void A_span_of_an_equal_scope_in_another_row_is_a_copy()
    {
        var batch = new SpanBatch();
        Add(batch, "event", 1);
        batch.Scopes.End(0, 0, 0, 0, 0);
        Add(batch, "event", 1, scope: 1);
        Assert.Equal([0], DistinctSpans.Of(batch).Rows);
    }

    // Whoever sends them would otherwise make each be compared with all the others.
    [Theory]
    [InlineData("event")]
    [InlineData("event attribute")]
    [InlineData("link")]
    [InlineData("nested value")]
    [InlineData("kind of value")]
    public void Spans_that_differ_only_far_inside_all_stay_and_are_not_compared_with_each_other(string difference)
    {
        const int Count = 1_000;
        var batch = new SpanBatch();
        for (var number = 0; number < Count; number++)
            Add(batch, difference, number);
        var distinct = DistinctSpans.Of(batch);
        Assert.Equal(difference == "kind of value" ? 2 : Count, distinct.Rows.Count);
        Assert.InRange(distinct.ComparisonCount, 0, 2 * Count);
    }

    static void Add(SpanBatch batch, string difference, int number, int scope = 0)
    {
        if (batch.Scopes.Count == 0)
            batch.Scopes.End(batch.Resources.End(0, 0), 0, 0, 0, 0);
        var key = batch.Strings.Intern("key");
        switch (difference)
        {
            case "event":
                batch.Events.Add(new UnixNanos((ulong)number), 0, 0);
                break;
            case "event attribute":
                batch.Events.Attributes.Add(key, AnyValue.OfInt(number));
                batch.Events.Add(default, 0, 0);
                break;
            case "link":
                batch.Links.Add(default, new SpanId((ulong)number), 0, 0, 0);
                break;
            case "nested value":
                var row = batch.Nested.Append(1);
                batch.Nested.Set(row, 0, AnyValue.OfInt(number));
                batch.Spans.Attributes.Add(key, AnyValue.OfArray(row, 1));
                break;
            default:
                batch.Spans.Attributes.Add(key, number % 2 == 0 ? AnyValue.OfInt(1) : AnyValue.OfBool(true));
                break;
        }

        batch.EndSpan(new SpanRow { TraceId = new TraceId(1, 1), SpanId = new SpanId(1), Start = new UnixNanos(1), End = new UnixNanos(2), Scope = scope });
    }
}
