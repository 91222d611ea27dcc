using Clew.Model;

namespace Clew.Storage.Tests.Simulation;

/// <summary>Compares what scans show with what an oracle has. What damage touched, or cannot be reached, may be missing; nothing else, and nothing is shown twice.</summary>
internal sealed class ScanCheck(Oracle oracle, Random random, bool isPart, string context)
{
    readonly SpanProjection _projection = Scans.RandomProjection(random);

    public async Task SpansAsync(TraceStore store)
    {
        var selection = Selections.Random(random);
        var consumers = await store.ScanSpansAsync(selection, _projection, () => new Scans.Spans(_projection), ReadMeter.Unlimited(), default);
        Compare(
            consumers.SelectMany(consumer => consumer.Found), Scans.Matching(oracle.Stored, selection), Scans.Matching(oracle.Certain, selection), Selections.Text(selection));
    }

    public async Task TracesAsync(TraceStore store)
    {
        var selection = Scans.RandomTraces(random);
        var text = string.Join(" with ", selection.Each.Select(Selections.Text));
        var consumers = await store.ScanTracesAsync(selection, _projection, () => new Scans.Traces(_projection), ReadMeter.Unlimited(), default);
        var found = consumers.SelectMany(consumer => consumer.Found).ToList();
        Assert.True(found.Count == found.DistinctBy(trace => trace.Id).Count(), $"{context}: {text}: a trace is shown twice.");
        var ids = found.Select(trace => trace.Id).ToHashSet();
        var missing = isPart ? [] : Scans.Asked([.. oracle.Certain], selection).Where(id => !ids.Contains(id)).ToArray();
        Assert.True(missing.Length == 0, $"{context}: {text}: traces that are asked for are not shown: {string.Join(", ", missing)}.");
        if (oracle.ExposedCount == 0 && !isPart)
            Assert.True(ids.SetEquals(Scans.Asked([.. oracle.Stored], selection)), $"{context}: {text}: traces are shown that nobody asks for.");
        Compare(found.SelectMany(trace => trace.Spans), Of(ids, oracle.Stored), Of(ids, oracle.Certain), text);
    }

    static IEnumerable<(SpanBatch Batch, int Row)> Of(HashSet<TraceId> ids, IEnumerable<SpanBatch> batches) =>
        batches.SelectMany(Batches.Rows).Where(span => ids.Contains(span.Batch.Spans.TraceIds[span.Row]));

    void Compare(IEnumerable<(SpanBatch Batch, int Row)> found, IEnumerable<(SpanBatch Batch, int Row)> stored, IEnumerable<(SpanBatch Batch, int Row)> certain, string text)
    {
        var expected = stored.ToDictionary(IdOf);
        var missing = isPart ? [] : certain.Select(IdOf).ToHashSet();
        foreach (var span in found)
        {
            Assert.True(expected.Remove(IdOf(span), out var sent), $"{context}: {text}: span {IdOf(span)} is shown and not asked for, or shown twice.");
            missing.Remove(IdOf(span));
            var (batch, row) = Scans.Project(sent.Batch, sent.Row, _projection);
            Assert.True(BatchEquality.SameSpan(batch, row, span.Batch, span.Row), $"{context}: {text}: span {IdOf(span)} is not what was sent, by {_projection}.");
        }

        Assert.True(missing.Count == 0, $"{context}: {text}: {missing.Count} spans are asked for and not shown: {string.Join(", ", missing.Take(5))}.");
    }

    static SpanId IdOf((SpanBatch Batch, int Row) span) => span.Batch.Spans.SpanIds[span.Row];
}
