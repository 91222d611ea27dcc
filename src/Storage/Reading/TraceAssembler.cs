using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Reading;

/// <summary>Puts traces together whose spans are in several places. For one thread.</summary>
internal sealed class TraceAssembler(TracePlaces places, SpanProjection projection, ReadMeter meter, DamageLog damage) : IDisposable
{
    readonly SpanProjection _withStarts = projection.And(new SpanProjection(SpanFields.Starts | SpanFields.TraceIds));
    readonly Dictionary<Block, (RowGroupReader Reader, GroupBatch Batch)> _readers = [];

    /// <summary>Traces one behind the other, each in order of start, those of equal start as they are in blocks, then in the head.</summary>
    public (SpanBatch Batch, RowRange[] Traces) Assemble(IReadOnlyList<TraceId> ids)
    {
        var (found, stored) = (new List<(int Trace, SpanBatch Batch, int Row)>(), new SpanCopier(new SpanBatch(), _withStarts));
        foreach (var (block, group, traces) in places.Find(ids))
            damage.TryRead(group, () => Read(block, group, traces, ids, stored, found));
        for (var trace = 0; trace < ids.Count; trace++)
            found.AddRange(places.Head.Find(ids[trace]).Select(span => (trace, span.Batch, span.Row)));
        return Copy(found.OrderBy(span => span.Trace).ThenBy(span => span.Batch.Spans.Starts[span.Row]));
    }

    public void Dispose()
    {
        foreach (var (reader, _) in _readers.Values)
            reader.Dispose();
    }

    void Read(Block block, RowGroupInfo group, List<int> traces, IReadOnlyList<TraceId> ids, SpanCopier stored, List<(int, SpanBatch, int)> found)
    {
        var (reader, rows) = ReaderOf(block);
        var before = reader.BytesRead;
        try
        {
            reader.Open(group, whole: false);
            var runs = reader.Runs;
            var wanted = new List<(int Trace, int Run)>();
            for (var run = 0; run < runs.Count; run++)
            {
                foreach (var trace in traces)
                {
                    if (runs.Ids[run] == ids[trace])
                        wanted.Add((trace, run));
                }
            }

            if (wanted.Count == 0)
                return;
            var first = runs.FirstRow(wanted[0].Run);
            var batch = rows.Read(first, runs.FirstRow(wanted[^1].Run + 1) - first);
            foreach (var (trace, run) in wanted)
            {
                for (var row = runs.FirstRow(run); row < runs.FirstRow(run + 1); row++)
                    found.Add((trace, stored.Target, stored.Copy(batch, row - first)));
            }

            // Strings that come in with the next row group are not among those it knows.
            stored.ForgetSources();
        }
        finally
        {
            meter.CountBytes(reader.BytesRead - before);
        }
    }

    (RowGroupReader Reader, GroupBatch Batch) ReaderOf(Block block)
    {
        if (_readers.TryGetValue(block, out var known))
            return known;
        var reader = block.NewReader();
        known = (reader, new GroupBatch(reader, new BlockProjection(_withStarts, reader.Tables.Dictionary.Strings)));
        _readers.Add(block, known);
        return known;
    }

    (SpanBatch Batch, RowRange[] Traces) Copy(IEnumerable<(int Trace, SpanBatch Batch, int Row)> spans)
    {
        var copier = new SpanCopier(new SpanBatch(), _withStarts);
        var traces = new List<RowRange>();
        var last = -1;
        foreach (var (trace, batch, row) in spans)
        {
            var copy = copier.Copy(batch, row);
            if (trace == last)
                traces[^1] = traces[^1] with { End = copy + 1 };
            else
                traces.Add(new RowRange(copy, copy + 1));
            last = trace;
        }

        return (copier.Target, [.. traces]);
    }
}
