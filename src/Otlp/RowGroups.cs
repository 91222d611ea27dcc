using System.Buffers;

namespace Clew.Otlp;

/// <summary>Rows by the group they name (spans by scope, scopes by resource), each group in row order: a counting sort in pooled arrays.</summary>
internal readonly ref struct RowGroups
{
    readonly int[] _rows;
    readonly int[] _ends;

    /// <param name="groups">Per row, its group.</param>
    public RowGroups(ReadOnlySpan<int> groups, int groupCount)
    {
        _rows = ArrayPool<int>.Shared.Rent(groups.Length);
        _ends = ArrayPool<int>.Shared.Rent(groupCount + 1);
        var ends = _ends.AsSpan(0, groupCount + 1);
        ends.Clear();
        foreach (var group in groups)
            ends[group + 1]++;
        for (var group = 1; group < ends.Length; group++)
            ends[group] += ends[group - 1];

        // Now each group's start stands at its own index, and placing its rows moves it to its end.
        for (var row = 0; row < groups.Length; row++)
            _rows[ends[groups[row]]++] = row;
    }

    public ReadOnlySpan<int> this[int group]
    {
        get
        {
            var start = group == 0 ? 0 : _ends[group - 1];
            return _rows.AsSpan(start, _ends[group] - start);
        }
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_rows);
        ArrayPool<int>.Shared.Return(_ends);
    }
}
