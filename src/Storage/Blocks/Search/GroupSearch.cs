using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>Searches row groups of one block, and reads starts last, where a row meets all conditions. For one thread.</summary>
internal sealed class GroupSearch : IDisposable
{
    readonly BlockSearch _search;
    readonly RowGroupReader _reader;
    readonly RowFinder _finder;

    public GroupSearch(BlockSearch search)
    {
        _search = search;
        _reader = search.Block.NewReader();
        _finder = new RowFinder(search, _reader);
    }

    /// <exception cref="CorruptFileException">The row group is damaged; nothing was offered of it.</exception>
    public void Search(RowGroupInfo group, NewestTraces newest, ReadMeter meter)
    {
        var (before, found) = (_reader.BytesRead, 0);
        try
        {
            _reader.Open(group, whole: false);
            if (Array.Exists(_search.Tests, test => test.NewestIn(_reader.Directory) < newest.Horizon))
                return;
            if (_finder.Find(group) is not { IsEmpty: false } rows)
                return;
            Offer(group, rows, newest);
            found = RowBits.Count(rows);
        }
        finally
        {
            meter.CountBytes(_reader.BytesRead - before);
            meter.CountGroup(group.Rows, found);
        }
    }

    public void Dispose() => _reader.Dispose();

    // Per trace only its newest span counts.
    void Offer(RowGroupInfo group, ReadOnlySpan<ulong> rows, NewestTraces newest)
    {
        var runs = _reader.Runs;
        var starts = _finder.ReadStarts(group);
        var run = 0;
        UnixNanos? best = null;
        for (var row = RowBits.NextFrom(rows, 0); row >= 0; row = RowBits.NextFrom(rows, row + 1))
        {
            while (row >= runs.FirstRow(run + 1))
            {
                Offer(runs.Ids[run++], best, newest);
                best = null;
            }

            var start = new UnixNanos(starts[row]);
            if (_search.Starts.Contains(start) && (best is null || start > best))
                best = start;
        }

        Offer(runs.Ids[run], best, newest);
    }

    static void Offer(TraceId id, UnixNanos? start, NewestTraces newest)
    {
        if (start is { } known && known >= newest.Horizon)
            newest.Offer(id, known);
    }
}
