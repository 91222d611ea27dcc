using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>Searches row groups of one block: compares columns as they are stored, and reads starts last, where a row meets all conditions. For one thread.</summary>
internal sealed class GroupSearch(BlockSearch search) : IDisposable
{
    readonly RowGroupReader _reader = search.Block.NewReader();
    readonly List<RowTest> _undecided = [];
    ulong[] _rows = [];
    ulong[] _starts = [];

    /// <exception cref="CorruptFileException">The row group is damaged; nothing was offered of it.</exception>
    public void Search(RowGroupInfo group, NewestTraces newest)
    {
        _reader.Open(group, whole: false);
        if (FindRows(group) is { IsEmpty: false } rows)
            Offer(group, rows, newest);
    }

    public void Dispose() => _reader.Dispose();

    /// <returns>The rows that meet all conditions; nothing when there are none.</returns>
    ReadOnlySpan<ulong> FindRows(RowGroupInfo group)
    {
        _undecided.Clear();
        foreach (var test in search.Tests)
        {
            var decided = test.Decide(_reader, group);
            if (decided == false)
                return [];
            if (decided is null)
                _undecided.Add(test);
        }

        var rows = Rows(RowBits.WordsOf(group.Rows));
        RowBits.SetAll(rows, group.Rows);
        foreach (var test in _undecided)
        {
            test.Keep(_reader, group, rows);
            if (RowBits.IsEmpty(rows))
                return [];
        }

        return rows;
    }

    // Per trace only its newest span counts.
    void Offer(RowGroupInfo group, ReadOnlySpan<ulong> rows, NewestTraces newest)
    {
        if (_starts.Length < group.Rows)
            _starts = new ulong[group.Rows];
        var runs = TraceRunColumns.Read(_reader);
        var starts = _starts.AsSpan(0, group.Rows);
        SpanTimes.TakeStarts(_reader, new ShapeCounts(_reader, 0, group.Rows), runs, 0, starts);
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
            if (search.Starts.Contains(start) && (best is null || start > best))
                best = start;
        }

        Offer(runs.Ids[run], best, newest);
    }

    static void Offer(TraceId id, UnixNanos? start, NewestTraces newest)
    {
        if (start is { } known && known >= newest.Horizon)
            newest.Offer(id, known);
    }

    Span<ulong> Rows(int words)
    {
        if (_rows.Length < words)
            _rows = new ulong[words];
        return _rows.AsSpan(0, words);
    }
}
