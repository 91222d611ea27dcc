using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;
using Clew.Storage.Columns;
using Clew.Storage.Head;

namespace Clew.Storage.Reading;

/// <summary>Shows the spans of batches and row groups that meet a selection to a consumer. For one thread.</summary>
internal sealed class SpanScanThread<TConsumer>(SpanSelection selection, SpanProjection projection, TConsumer consumer, ReadMeter meter, DamageLog damage) : IDisposable
    where TConsumer : ISpanConsumer
{
    ScannedBlock? _block;
    RowGroupReader? _reader;
    RowFinder? _finder;
    GroupBatch? _batch;
    int[] _rows = [];
    int _counted;

    public TConsumer Consumer => consumer;

    public void Show(HeadBatch head)
    {
        var matcher = selection.Starts.Overlaps(head.StartMin, head.StartMax) ? new SpanMatcher(selection, head.Batch) : null;
        meter.CountBlock(isPruned: matcher is not { CanMatch: true });
        if (matcher is not { CanMatch: true })
            return;
        var rows = Rows(head.Batch.SpanCount);
        var count = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            rows[count] = row;
            count += matcher.Matches(row) ? 1 : 0;
        }

        _counted = 0;
        meter.CountRows(rows.Length, count);
        if (count > 0)
            consumer.Take(head.Batch, rows[..count]);
    }

    /// <returns>False when the query's share is spent.</returns>
    public bool Show(GroupSlice slice, CancellationToken cancellation)
    {
        if (_block != slice.Block && !damage.TryRead(slice.Block.Block.Summary, () => Begin(slice.Block)))
            return true;
        for (var at = slice.Start; at < slice.End; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (meter.IsSpent)
                return false;
            Show(slice.Block.Groups[slice.Block.Wanted[at]]);
        }

        return true;
    }

    public void Dispose() => _reader?.Dispose();

    void Begin(ScannedBlock block)
    {
        _reader?.Dispose();
        (_block, _reader) = (null, null);
        _reader = block.Block.NewReader();
        _finder = new RowFinder(block.Searches[0]!, _reader);
        _batch = new GroupBatch(_reader, new BlockProjection(projection, _reader.Tables.Dictionary.Strings));
        _block = block;
    }

    void Show(RowGroupInfo group)
    {
        SpanBatch? batch = null;
        var count = 0;
        var before = _reader!.BytesRead;
        // The consumer is not called within: its failures are not the disk's.
        damage.TryRead(group, () => batch = Read(group, out count));
        meter.CountBytes(_reader.BytesRead - before);
        meter.CountGroup(group.Rows, batch is null ? 0 : count);
        if (batch is not null)
            consumer.Take(batch, _rows.AsSpan(0, count));
    }

    SpanBatch? Read(RowGroupInfo group, out int count)
    {
        _reader!.Open(group, whole: false);
        var found = _finder!.FindInRange(group);
        count = found.IsEmpty ? 0 : List(found, group.Rows);
        return count == 0 ? null : _batch!.Read(0, group.Rows);
    }

    int List(ReadOnlySpan<ulong> found, int rowCount)
    {
        var count = RowBits.Count(found);
        var rows = Rows(rowCount);
        if (count == rowCount)
        {
            for (; _counted < count; _counted++)
                rows[_counted] = _counted;
            return count;
        }

        _counted = 0;
        RowBits.List(found, rows);
        return count;
    }

    Span<int> Rows(int count)
    {
        if (_rows.Length < count)
            (_rows, _counted) = (new int[count], 0);
        return _rows.AsSpan(0, count);
    }
}
