using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;
using Xunit.Abstractions;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>What a store is asked for, against what spans and traces really match. CLEW_MEANING_CASES sets how many (3,000), CLEW_FUZZ_SEED repeats a run.</summary>
public sealed class NarrowingTests(ITestOutputHelper output)
{
    [Fact]
    public void What_a_store_narrows_by_leaves_no_span_out_that_matches_and_when_exact_takes_no_other()
    {
        var seed = Seeds.Of("CLEW_FUZZ_SEED");
        int exactCount = 0, narrowedCount = 0, count = Seeds.Count("CLEW_MEANING_CASES", 3_000);
        for (var at = 0; at < count; at++)
        {
            var random = new Random(unchecked(seed + (at * 7919)));
            var spans = new RandomTraces(random).Spans(3);
            var batch = PlainBatches.Of(spans);
            var filter = ValidFilter(random);
            var narrowed = FieldNarrowing.Of(filter);
            exactCount += narrowed.IsExact ? 1 : 0;
            narrowedCount += narrowed.Condition is null ? 0 : 1;
            var matcher = new SpanMatcher(new SpanSelection(TimeRange.All, narrowed.ToConditions()), batch);
            var traces = spans.GroupBy(span => span.Trace).ToDictionary(trace => trace.Key, trace => new PlainTrace(trace));
            for (var row = 0; row < spans.Count; row++)
            {
                var (holds, isTaken) = (NaiveFields.Holds(filter, spans[row], traces[spans[row].Trace]), matcher.CanMatch && matcher.Matches(row));
                Assert.True(isTaken || !holds, $"CLEW_FUZZ_SEED={seed}, case {at}: {filter} holds for {spans[row]}, which is left out");
                Assert.True(holds || !isTaken || !narrowed.IsExact, $"CLEW_FUZZ_SEED={seed}, case {at}: {filter} does not hold for {spans[row]}, which an exact condition takes");
            }
        }

        output.WriteLine($"CLEW_FUZZ_SEED={seed}: {count} filters, {narrowedCount} narrowed, {exactCount} exact");
        if (count >= 1_000)
            Assert.InRange(exactCount, count / 10, count);
    }

    [Fact]
    public void A_trace_that_matches_has_a_span_for_each_thing_a_store_is_asked_for()
    {
        var seed = Seeds.Of("CLEW_FUZZ_SEED");
        int matchedCount = 0, count = Seeds.Count("CLEW_MEANING_CASES", 3_000);
        for (var at = 0; at < count; at++)
        {
            var random = new Random(unchecked(seed + (at * 7919)));
            var pipeline = new RandomQuestions(random).Search().Spans!;
            var narrowing = TraceNarrowing.Of(pipeline);
            foreach (var spans in new RandomTraces(random).Spans(4).GroupBy(span => span.Trace))
            {
                if (!Matches(pipeline, new PlainTrace(spans)))
                    continue;
                matchedCount++;
                var batch = PlainBatches.Of(spans);
                Assert.False(narrowing.IsNever, $"CLEW_FUZZ_SEED={seed}, case {at}: {pipeline} matches, but never");
                Assert.True(narrowing.Only is null || narrowing.Only == spans.Key, $"CLEW_FUZZ_SEED={seed}, case {at}: {pipeline} matches {spans.Key}, not only {narrowing.Only}");
                foreach (var conditions in narrowing.Each)
                {
                    var matcher = new SpanMatcher(new SpanSelection(TimeRange.All, conditions), batch);
                    Assert.True(
                        matcher.CanMatch && Enumerable.Range(0, batch.SpanCount).Any(matcher.Matches),
                        $"CLEW_FUZZ_SEED={seed}, case {at}: {pipeline} matches, but no span has {ConditionText.Of(conditions)}");
                }
            }
        }

        output.WriteLine($"CLEW_FUZZ_SEED={seed}: {count} queries, {matchedCount} traces matched");
    }

    static bool Matches(Pipeline pipeline, PlainTrace trace)
    {
        try
        {
            return NaivePipelines.Of(pipeline, trace).Count > 0;
        }
        catch (QueryFailedException)
        {
            // Without a meaning for this trace, there is nothing to narrow.
            return false;
        }
    }

    static FieldExpression ValidFilter(Random random)
    {
        while (true)
        {
            var filter = new RandomQuestions(random).Filter();
            if (QueryCheck.Find(new Query(new Pipeline([filter]), null, [])) is null)
                return filter.Expression;
        }
    }
}
