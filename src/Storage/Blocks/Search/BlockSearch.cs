using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>Searches one block, the row group with the newest start first: rules out what bounds and directories can, then compares columns as they are stored.</summary>
/// <remarks>Conditions are bound once per block; starts are read last, of row groups with a row that meets all of them.</remarks>
internal sealed class BlockSearch : IDisposable
{
    readonly SpanSelection _selection;
    readonly RowTest[] _tests;
    readonly RowGroupReader _reader;
    readonly RowGroupInfo[] _groups;
    readonly PriorityQueue<int, ulong> _left;
    ulong[] _rows = [];
    ulong[] _starts = [];

    BlockSearch(Block block, SpanSelection selection)
    {
        var tables = block.Tables;
        _selection = selection;
        _groups = tables.Index.Groups;
        _tests = RowTest.AllOf(block, selection);
        _reader = block.NewReader();
        _left = new PriorityQueue<int, ulong>(Candidates(GroupBounds.Of(tables, selection.Starts, _tests)));
    }

    /// <summary>Prepares a search; null when the list of operations rules the whole block out.</summary>
    public static BlockSearch? Begin(Block block, SpanSelection selection)
    {
        if (block.FindOperations() is { } operations && !Array.Exists(operations, operation => ConditionBounds.CanMatch(selection, operation)))
            return null;
        return new BlockSearch(block, selection);
    }

    /// <summary>The newest start that what has not been searched yet can hold; null when everything was.</summary>
    public UnixNanos? NewestLeft => _left.TryPeek(out _, out var age) ? new UnixNanos(~age) : null;

    /// <summary>Searches the row group with the newest start of those that are left.</summary>
    /// <param name="damage">Told of a row group that could not be read; the search goes on without it.</param>
    public void SearchNext(NewestTraces newest, DamageLog damage)
    {
        var group = _groups[_left.Dequeue()];
        try
        {
            Search(group, newest);
        }
        catch (IOException failure) when (failure is not UnsupportedFormatException)
        {
            damage.AddRowGroup(failure, group);
        }
    }

    public void Dispose() => _reader.Dispose();

    // The smallest comes first of a queue: what starts latest has the smallest complement.
    static IEnumerable<(int Group, ulong Age)> Candidates(GroupBounds bounds)
    {
        for (var group = 0; group < bounds.Count; group++)
        {
            if (bounds[group] is { } newest)
                yield return (group, ~newest.Value);
        }
    }

    void Search(RowGroupInfo group, NewestTraces newest)
    {
        _reader.Open(group, whole: false);
        if (FindRows(group) is { IsEmpty: false } rows)
            Offer(group, rows, newest);
    }

    /// <returns>The rows that meet all conditions; nothing when there are none.</returns>
    ReadOnlySpan<ulong> FindRows(RowGroupInfo group)
    {
        var undecided = new List<RowTest>(_tests.Length);
        foreach (var test in _tests)
        {
            var decided = test.Decide(_reader, group);
            if (decided == false)
                return [];
            if (decided is null)
                undecided.Add(test);
        }

        var rows = Rows(RowBits.WordsOf(group.Rows));
        RowBits.SetAll(rows, group.Rows);
        foreach (var test in undecided)
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
            if (_selection.Starts.Contains(start) && (best is null || start > best))
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
