using Clew.Model;

namespace Clew.Storage.Tests;

/// <summary>Consumers of scans that keep copies of what they are shown, and what brute force says they are to be shown.</summary>
internal static class Scans
{
    static readonly string[] Keys = ["text-3", "text-4", "service.name", "größer ☃ 𝄞", "", "no such key"];

    /// <summary>Has the spans' ids, by which they are known, and their traces'.</summary>
    public static SpanProjection RandomProjection(Random random) => random.Next(8) == 0 ? SpanProjection.All : new SpanProjection((SpanFields)random.Next((int)SpanFields.All + 1) | SpanFields.TraceIds | SpanFields.SpanIds)
    {
        HasAllAttributes = random.Next(8) == 0,
        AttributeKeys = [.. Keys.Where(_ => random.Next(3) == 0)],
    };

    public static TraceSelection RandomTraces(Random random) => new([.. Enumerable.Range(0, random.Next(4)).Select(_ => Selections.Random(random))]);

    /// <summary>A span with nothing but what a projection has.</summary>
    public static (SpanBatch Batch, int Row) Project(SpanBatch batch, int row, SpanProjection projection)
    {
        var target = new SpanBatch();
        new SpanCopier(target, projection).Copy(batch, row);
        var spans = target.Spans;
        Clear(spans.TraceIds, SpanFields.TraceIds);
        Clear(spans.SpanIds, SpanFields.SpanIds);
        Clear(spans.ParentSpanIds, SpanFields.ParentSpanIds);
        Clear(spans.Starts, SpanFields.Starts);
        Clear(spans.Ends, SpanFields.Ends);
        Clear(spans.Kinds, SpanFields.Kinds);
        Clear(spans.Statuses, SpanFields.Statuses);
        foreach (var counts in new[] { spans.Flags, spans.DroppedAttributeCounts, spans.DroppedEventCounts, spans.DroppedLinkCounts })
            Clear(counts, SpanFields.Others);
        return (target, 0);

        void Clear<T>(Column<T> column, SpanFields field)
            where T : unmanaged
        {
            if (!projection.Has(field))
                column.Writable.Clear();
        }
    }

    /// <summary>The spans of some batches that meet a selection.</summary>
    public static IEnumerable<(SpanBatch Batch, int Row)> Matching(IEnumerable<SpanBatch> batches, SpanSelection selection)
    {
        foreach (var batch in batches)
        {
            var matcher = new SpanMatcher(selection, batch);
            for (var row = 0; row < batch.SpanCount; row++)
            {
                Assert.True(matcher.CanMatch || !matcher.Matches(row));
                if (matcher.Matches(row))
                    yield return (batch, row);
            }
        }
    }

    /// <summary>The traces of some batches that are asked for.</summary>
    public static HashSet<TraceId> Asked(IReadOnlyCollection<SpanBatch> batches, TraceSelection selection)
    {
        var asked = batches.SelectMany(batch => batch.Spans.TraceIds.Values.ToArray()).ToHashSet();
        foreach (var each in selection.Each)
            asked.IntersectWith(Matching(batches, each).Select(span => span.Batch.Spans.TraceIds[span.Row]));
        return asked;
    }

    /// <summary>Looks at what spans refer to, and keeps nothing.</summary>
    public sealed class Reader : ISpanConsumer, ITraceConsumer
    {
        public long Bytes { get; private set; }

        public void Take(SpanBatch batch, ReadOnlySpan<int> rows)
        {
            foreach (var row in rows)
                Read(batch, row);
        }

        public void Take(SpanBatch batch, ReadOnlySpan<RowRange> traces)
        {
            foreach (var trace in traces)
            {
                for (var row = trace.Start; row < trace.End; row++)
                    Read(batch, row);
            }
        }

        void Read(SpanBatch batch, int row)
        {
            var attributes = batch.Spans.Attributes[row];
            Bytes += batch.Strings[batch.Spans.Names[row]].Length + batch.Strings[batch.Spans.StatusMessages[row]].Length + batch.ResourceOf(row);
            for (var at = attributes.Start; at < attributes.End; at++)
                Bytes += batch.Strings[batch.Spans.Attributes.Keys[at]].Length + (batch.Spans.Attributes.Values[at] is { IsText: true } text ? batch.Strings[text.Code].Length : 0);
        }
    }

    public sealed class Spans(SpanProjection projection) : ISpanConsumer
    {
        int _taking;

        public List<(SpanBatch Batch, int Row)> Found { get; } = [];

        public void Take(SpanBatch batch, ReadOnlySpan<int> rows)
        {
            Assert.Equal(1, Interlocked.Increment(ref _taking));
            Assert.False(rows.IsEmpty);
            var last = -1;
            foreach (var row in rows)
            {
                Assert.True(row > last && row < batch.SpanCount);
                Found.Add(Project(batch, last = row, projection));
            }

            Interlocked.Decrement(ref _taking);
        }
    }

    public sealed class Traces(SpanProjection projection) : ITraceConsumer
    {
        int _taking;

        public List<(TraceId Id, (SpanBatch Batch, int Row)[] Spans)> Found { get; } = [];

        public void Take(SpanBatch batch, ReadOnlySpan<RowRange> traces)
        {
            Assert.Equal(1, Interlocked.Increment(ref _taking));
            Assert.False(traces.IsEmpty);
            foreach (var trace in traces)
            {
                Assert.True(trace.Count > 0);
                var ids = batch.Spans.TraceIds.Values[trace.Start..trace.End].ToArray();
                Assert.Single(ids.Distinct());
                if (projection.Has(SpanFields.Starts))
                    Assert.Equal(batch.Spans.Starts.Values[trace.Start..trace.End].ToArray().Order(), batch.Spans.Starts.Values[trace.Start..trace.End].ToArray());
                Found.Add((ids[0], [.. Enumerable.Range(trace.Start, trace.Count).Select(row => Project(batch, row, projection))]));
            }

            Interlocked.Decrement(ref _taking);
        }
    }
}
