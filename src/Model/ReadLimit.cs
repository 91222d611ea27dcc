namespace Clew.Model;

/// <summary>What a query ran into.</summary>
public enum ReadLimit
{
    None = 0,
    Time = 1,

    /// <summary>Bytes read from disk or memory, as they are stored.</summary>
    Bytes = 2,

    /// <summary>Memory that the query takes.</summary>
    Memory = 3,

    /// <summary>Memory that all queries at work take together: the same query may be answered in a moment.</summary>
    TotalMemory = 4,
}
