using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;
using Clew.Storage.Columns;
using Clew.Storage.Head;

namespace Clew.Storage.Reading;

/// <summary>Shows the traces of row groups that meet all selections to a consumer, straight from the row group, and takes note of those that may have parts elsewhere. For one thread.</summary>
internal sealed class TraceScanThread<TConsumer>(WholeTraceScan scan, TConsumer consumer) : IDisposable
    where TConsumer : ITraceConsumer
{
    readonly List<RowRange> _traces = [];
    readonly TraceAssembler _assembler = new(scan.Places, scan.Projection, scan.Meter, scan.Damage);
    ScannedBlock? _block;
    RowGroupReader? _reader;
    RowFinder?[] _finders = [];
    GroupBatch? _batch;
    HashSet<TraceId>? _repeated;

    // Per run of a row group, a bit for each selection that a span of it meets.
    ulong[] _met = [];
    int _foundRows;

    public TConsumer Consumer => consumer;

    /// <summary>What is in the head may go on anywhere.</summary>
    public void Note(HeadBatch head)
    {
        var (isPruned, found) = (true, 0);
        for (var selection = 0; selection < scan.Selections.Length; selection++)
        {
            var asked = scan.Selections[selection];
            if (!asked.Starts.Overlaps(head.StartMin, head.StartMax) || new SpanMatcher(asked, head.Batch) is not { CanMatch: true } matcher)
                continue;
            isPruned = false;
            found += Note(head.Batch, matcher, 1UL << selection);
        }

        scan.Meter.CountBlock(isPruned);
        if (!isPruned)
            scan.Meter.CountRows(head.Batch.SpanCount, found);
    }

    int Note(SpanBatch batch, SpanMatcher matcher, ulong selection)
    {
        var ids = batch.Spans.TraceIds.Values;
        var (found, last) = (0, -1);
        for (var row = 0; row < ids.Length; row++)
        {
            if (!matcher.Matches(row))
                continue;
            found++;
            // Neighbours mostly are of one trace.
            if (last < 0 || ids[row] != ids[last])
                scan.Scattered.Add(ids[row], selection);
            last = row;
        }

        return found;
    }

    /// <returns>False when the query's share is spent.</returns>
    public bool Show(GroupSlice slice, CancellationToken cancellation)
    {
        if (_block != slice.Block && !scan.Damage.TryRead(slice.Block.Block.Summary, () => Begin(slice.Block)))
            return true;
        for (var at = slice.Start; at < slice.End; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (scan.Meter.IsSpent)
                return false;
            Show(slice.Block.Groups[slice.Block.Wanted[at]]);
        }

        return true;
    }

    /// <summary>Shows traces that have to be put together: all at once, or, where there is no room for that, those of each half.</summary>
    public void Show(ArraySegment<TraceId> scattered)
    {
        var limit = _assembler.TryAssemble(scattered, out var batch, out var traces);
        if (limit == ReadLimit.None)
        {
            if (traces.Length > 0)
                consumer.Take(batch, traces);
            return;
        }

        if (scattered.Count == 1)
            scan.Meter.LeaveOut(limit, scan.Meter.Room.Bytes - _assembler.TracesBytes);
        if (scattered.Count == 1 || scan.Meter.IsSpent)
            return;
        Show(scattered[..(scattered.Count / 2)]);
        Show(scattered[(scattered.Count / 2)..]);
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _assembler.Dispose();
    }

    void Begin(ScannedBlock block)
    {
        _reader?.Dispose();
        (_block, _reader) = (null, null);
        _reader = block.Block.NewReader();
        _finders = Array.ConvertAll(block.Searches, search => search is null ? null : new RowFinder(search, _reader));
        _batch = new GroupBatch(_reader, new BlockProjection(scan.Projection, _reader.Tables.Dictionary.Strings));
        _repeated = null;
        _block = block;
    }

    void Show(RowGroupInfo group)
    {
        SpanBatch? batch = null;
        _foundRows = 0;
        var before = _reader!.BytesRead;
        // The consumer is not called within: its failures are not the disk's.
        scan.Damage.TryRead(group, () => batch = Read(group));
        scan.Meter.CountBytes(_reader.BytesRead - before);
        scan.Meter.CountGroup(group.Rows, _foundRows);
        if (batch is not null)
            consumer.Take(batch, CollectionsMarshal.AsSpan(_traces));
    }

    SpanBatch? Read(RowGroupInfo group)
    {
        _reader!.Open(group, whole: false);
        if (!FindRuns(group))
            return null;
        var runs = _reader.Runs;
        ListTraces(group, runs);
        if (_traces.Count == 0)
            return null;
        // The batch begins with the first of them.
        var first = _traces[0].Start;
        var batch = _batch!.Read(first, _traces[^1].End - first);
        for (var at = 0; first > 0 && at < _traces.Count; at++)
            _traces[at] = new RowRange(_traces[at].Start - first, _traces[at].End - first);
        return batch;
    }

    // Whether any run meets any selection.
    bool FindRuns(RowGroupInfo group)
    {
        var isAny = false;
        for (var selection = 0; selection < _finders.Length; selection++)
        {
            if (_finders[selection] is not { } finder || !_block!.Searches[selection]!.IsCandidate(group.Number))
                continue;
            var rows = finder.FindInRange(group);
            if (rows.IsEmpty)
                continue;
            if (!isAny)
                ClearMet(_reader!.Runs.Count);
            isAny = true;
            _foundRows += RowBits.Count(rows);
            Mark(rows, _reader!.Runs, 1UL << selection);
        }

        return isAny;
    }

    void ClearMet(int count)
    {
        if (_met.Length < count)
            _met = new ulong[count];
        _met.AsSpan(0, count).Clear();
    }

    void Mark(ReadOnlySpan<ulong> rows, TraceRunColumns runs, ulong selection)
    {
        var run = 0;
        for (var row = RowBits.NextFrom(rows, 0); row >= 0; row = RowBits.NextFrom(rows, runs.FirstRow(++run)))
        {
            while (row >= runs.FirstRow(run + 1))
                run++;
            _met[run] |= selection;
        }
    }

    void ListTraces(RowGroupInfo group, TraceRunColumns runs)
    {
        _traces.Clear();
        for (var run = 0; run < runs.Count; run++)
        {
            if (_met[run] == 0)
                continue;
            _repeated ??= _block!.Block.RepeatedTraces;
            if (scan.Places.IsScattered(runs.Ids[run], _block!.Block, _block.Groups, group.Number, _repeated))
                scan.Scattered.Add(runs.Ids[run], _met[run]);
            else if (_met[run] == scan.AllMet)
                _traces.Add(new RowRange(runs.FirstRow(run), runs.FirstRow(run + 1)));
        }
    }
}
