namespace Clew.Server.Queries;

/// <summary>A dependency graph may have to look at every span there is, and takes the memory for it: one is made at a time, whichever API it is for.</summary>
internal sealed class GraphTurn
{
    int _isTaken;

    /// <summary>Makes a graph.</summary>
    /// <returns>Null when another one is being made.</returns>
    public async Task<T?> TryMakeAsync<T>(Func<Task<T>> make)
        where T : class
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0)
            return null;
        try
        {
            return await make();
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }
    }
}
