using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Reading;

/// <summary>Puts traces together whose spans are in several places. For one thread.</summary>
/// <remarks>What it has in memory is counted in the meter's room: readers that stay open from one call to the next, and the traces of the last call.</remarks>
internal sealed class TraceAssembler(TracePlaces places, SpanProjection projection, ReadMeter meter, DamageLog damage) : IDisposable
{
    /// <summary>Readers that stay open take no more together; other blocks are opened anew each time. Each call goes through the same blocks, so that those it opens last had better go.</summary>
    const long KeptBytesMax = 32 << 20;

    readonly SpanProjection _withStarts = projection.And(new SpanProjection(SpanFields.Starts | SpanFields.TraceIds));
    readonly Dictionary<Block, BlockRows> _kept = [];
    long _keptBytes;
    long _tracesBytes;

    /// <summary>Traces one behind the other, each in order of start, those of equal start as they are in blocks, then in the head. Good until the next call.</summary>
    /// <returns>The bound that they exceed together; <see cref="ReadLimit.None"/> when there is room for them.</returns>
    public ReadLimit TryAssemble(IReadOnlyList<TraceId> ids, out SpanBatch batch, out RowRange[] traces)
    {
        (batch, traces) = (new SpanBatch(), []);
        ForgetTraces();
        var (found, stored) = (new List<(int Trace, SpanBatch Batch, int Row)>(), new SpanCopier(new SpanBatch(), _withStarts));
        var limit = ReadAll(ids, stored, found);
        // While they are put in order, they are there twice.
        if (limit == ReadLimit.None)
            limit = Count(2 * BatchMemory.Of(stored.Target));
        if (limit != ReadLimit.None)
            return limit;
        for (var trace = 0; trace < ids.Count; trace++)
            found.AddRange(places.Head.Find(ids[trace]).Select(span => (trace, span.Batch, span.Row)));
        (batch, traces) = Copy(found.OrderBy(span => span.Trace).ThenBy(span => span.Batch.Spans.Starts[span.Row]));
        return Count(BatchMemory.Of(batch));
    }

    /// <summary>What the traces of the last call take of the meter's room.</summary>
    public long TracesBytes => _tracesBytes;

    public void Dispose()
    {
        ForgetTraces();
        foreach (var rows in _kept.Values)
            rows.Reader.Dispose();
        meter.Room.Give(_keptBytes);
    }

    ReadLimit ReadAll(IReadOnlyList<TraceId> ids, SpanCopier stored, List<(int, SpanBatch, int)> found)
    {
        BlockRows? rows = null;
        try
        {
            foreach (var (block, group, traces) in places.Find(ids))
            {
                damage.TryRead(group, () =>
                {
                    if (rows?.Block != block)
                    {
                        LetGo(rows);
                        rows = null;
                        rows = _kept.GetValueOrDefault(block) ?? Open(block);
                    }

                    Read(rows, group, traces, ids, stored, found);
                });
                if (Count(BatchMemory.Of(stored.Target)) is var limit and not ReadLimit.None)
                    return limit;
            }

            return ReadLimit.None;
        }
        finally
        {
            LetGo(rows);
        }
    }

    // What the traces take, from here on.
    ReadLimit Count(long bytes)
    {
        var limit = meter.Room.TryTake(bytes - _tracesBytes);
        if (limit == ReadLimit.None)
            _tracesBytes = bytes;
        return limit;
    }

    void ForgetTraces()
    {
        meter.Room.Give(_tracesBytes);
        _tracesBytes = 0;
    }

    void Read(BlockRows rows, RowGroupInfo group, List<int> traces, IReadOnlyList<TraceId> ids, SpanCopier stored, List<(int, SpanBatch, int)> found)
    {
        var reader = rows.Reader;
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
            var batch = rows.Batch.Read(first, runs.FirstRow(wanted[^1].Run + 1) - first);
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

    BlockRows Open(Block block)
    {
        var reader = block.NewReader();
        return new BlockRows(block, reader, new GroupBatch(reader, new BlockProjection(_withStarts, reader.Tables.Dictionary.Strings)));
    }

    void LetGo(BlockRows? rows)
    {
        if (rows is null)
            return;
        var more = rows.MemoryBytes - rows.CountedBytes;
        if (_keptBytes + more <= KeptBytesMax && meter.Room.TryTake(more) == ReadLimit.None)
        {
            _keptBytes += more;
            rows.CountedBytes += more;
            _kept[rows.Block] = rows;
            return;
        }

        _kept.Remove(rows.Block);
        _keptBytes -= rows.CountedBytes;
        meter.Room.Give(rows.CountedBytes);
        rows.Reader.Dispose();
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

    /// <summary>An open block, and what of it was counted.</summary>
    sealed record BlockRows(Block Block, RowGroupReader Reader, GroupBatch Batch)
    {
        // Buffers of a reader, about.
        const long ReaderBytes = 256 << 10;

        public long MemoryBytes => ReaderBytes + Batch.MemoryBytes;

        public long CountedBytes { get; set; }
    }
}
