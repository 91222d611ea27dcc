using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>Finds the rows of row groups that meet the conditions of a search: compares columns as they are stored, those that tell most for least first. For one thread.</summary>
internal sealed class RowFinder(BlockSearch search, RowGroupReader reader)
{
    readonly List<RowTest> _undecided = [];
    ulong[] _rows = [];
    ulong[] _starts = [];

    /// <summary>The rows that meet all conditions, whenever they start; nothing when there are none.</summary>
    /// <param name="group">Open.</param>
    /// <exception cref="CorruptFileException">A column that it takes is damaged.</exception>
    public Span<ulong> Find(RowGroupInfo group)
    {
        _undecided.Clear();
        foreach (var test in search.Tests)
        {
            var decided = test.Decide(reader, group);
            if (decided == false)
                return [];
            if (decided is null)
                _undecided.Add(test);
        }

        var rows = Rows(RowBits.WordsOf(group.Rows));
        RowBits.SetAll(rows, group.Rows);
        foreach (var test in _undecided)
        {
            test.Keep(reader, group, rows);
            if (RowBits.IsEmpty(rows))
                return [];
        }

        return rows;
    }

    /// <summary>As <see cref="Find"/>, within the range of starts that the search asks for.</summary>
    public ReadOnlySpan<ulong> FindInRange(RowGroupInfo group)
    {
        var rows = Find(group);
        if (rows.IsEmpty || (search.Starts.Contains(group.StartMin) && search.Starts.Contains(group.StartMax)))
            return rows;
        var starts = ReadStarts(group);
        for (var row = RowBits.NextFrom(rows, 0); row >= 0; row = RowBits.NextFrom(rows, row + 1))
        {
            if (!search.Starts.Contains(new UnixNanos(starts[row])))
                rows[row >> 6] &= ~(1UL << (row & 63));
        }

        return RowBits.IsEmpty(rows) ? [] : rows;
    }

    /// <summary>When the rows start. Good until the next call.</summary>
    public ReadOnlySpan<ulong> ReadStarts(RowGroupInfo group)
    {
        if (_starts.Length < group.Rows)
            _starts = new ulong[group.Rows];
        var starts = _starts.AsSpan(0, group.Rows);
        SpanTimes.TakeStarts(reader, new ShapeCounts(reader, 0, group.Rows), 0, starts);
        return starts;
    }

    Span<ulong> Rows(int words)
    {
        if (_rows.Length < words)
            _rows = new ulong[words];
        return _rows.AsSpan(0, words);
    }
}
