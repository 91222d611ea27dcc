namespace Clew.Model;

/// <summary>Ends of owners that have nothing.</summary>
internal static class ColumnEnds
{
    /// <summary>Adds an end as often; in a batch where nobody has anything, that takes no memory.</summary>
    public static void Add(Column<int> ends, int end, int count)
    {
        if (end == 0)
            ends.AddDefaults(count);
        else
            ends.Append(count).Fill(end);
    }
}
