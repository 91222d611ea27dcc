using Clew.Model;
using Clew.Model.Tests;

namespace Clew.Storage.Tests;

/// <summary>Batches for the store's tests, and ways to compare what comes back.</summary>
internal static class Batches
{
    /// <summary>A random batch that uses every column, with at least one span, whose traces are among <paramref name="traceCount"/>.</summary>
    public static SpanBatch Random(int seed, int traceCount = 8, int spanCountMax = 40)
    {
        var batches = new RandomBatches(seed);
        var random = new Random(seed);
        while (true)
        {
            var batch = batches.Next(spanCountMax);
            if (batch.SpanCount == 0)
                continue;
            foreach (ref var id in batch.Spans.TraceIds.Writable)
                id = Trace(random.Next(traceCount));
            return batch;
        }
    }

    /// <summary>Adds spans with values that no other batch has.</summary>
    public static SpanBatch WithUniqueValues(SpanBatch batch, int number)
    {
        var copy = new SpanBatch();
        new SpanCopier(copy).CopyAll(batch);
        for (var span = 0; span < 8; span++)
        {
            copy.Spans.Attributes.Add(copy.Strings.Intern("unique"), AnyValue.OfString(copy.Strings.Intern($"value {number}.{span}")));
            copy.EndSpan(new SpanRow
            {
                TraceId = batch.Spans.TraceIds[0], SpanId = new SpanId(((ulong)(uint)number << 8) + (ulong)span + 1), Start = batch.Spans.Starts[0], End = batch.Spans.Ends[0], Name = copy.Strings.Intern("unique"),
                Scope = copy.Spans.Scopes[0],
            });
        }

        return copy;
    }

    /// <summary>A copy in rented memory, to be given to a store that is to release it: an oracle keeps the original.</summary>
    public static SpanBatch Rented(SpanBatch batch)
    {
        var rented = SpanBatch.Rent();
        new SpanCopier(rented).CopyAll(batch);
        return rented;
    }

    /// <summary>Trace ids that are spread over the whole range, as random ones are.</summary>
    public static TraceId Trace(int number) => new(unchecked((ulong)(number + 1) * 0x9E3779B97F4A7C15), unchecked((ulong)(number + 1) * 0xD1B54A32D192ED03));

    public static bool Same(SpanBatch left, SpanBatch right) =>
        left.SpanCount == right.SpanCount && Enumerable.Range(0, left.SpanCount).All(row => BatchEquality.SameSpan(left, row, right, row));

    /// <summary>Spans as lines that are equal exactly when the spans are, for comparing without regard to order.</summary>
    public static void AssertSameSpans(IEnumerable<(SpanBatch Batch, int Row)> expected, IEnumerable<(SpanBatch Batch, int Row)> actual, string context)
    {
        var missing = expected.ToList();
        foreach (var (batch, row) in actual)
        {
            var at = missing.FindIndex(other => BatchEquality.SameSpan(batch, row, other.Batch, other.Row));
            Assert.True(at >= 0, $"{context}: a span of trace {batch.Spans.TraceIds[row]} is there that should not be, or twice.");
            missing.RemoveAt(at);
        }

        Assert.True(missing.Count == 0, $"{context}: {missing.Count} spans are missing.");
    }

    public static IEnumerable<(SpanBatch Batch, int Row)> Rows(SpanBatch? batch) =>
        batch is null ? [] : Enumerable.Range(0, batch.SpanCount).Select(row => (batch, row));
}
