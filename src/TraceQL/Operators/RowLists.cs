namespace Clew.TraceQL.Operators;

/// <summary>Lists of rows as sets.</summary>
internal static class RowLists
{
    public static void SortDistinct(List<int> rows)
    {
        if (rows.Count < 2)
            return;
        rows.Sort();
        var kept = 1;
        for (var at = 1; at < rows.Count; at++)
        {
            if (rows[at] != rows[kept - 1])
                rows[kept++] = rows[at];
        }

        rows.RemoveRange(kept, rows.Count - kept);
    }
}
