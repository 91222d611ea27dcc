using System.Collections.Concurrent;

namespace Clew.Model;

/// <summary>The memory of released batches, which the next ones use.</summary>
public static class ColumnMemory
{
    static readonly ConcurrentQueue<Action> Shelves = new();

    /// <summary>Gives up what was not used since the last call. To be called now and then, so that what a burst of load needed is not held for ever.</summary>
    public static void Trim()
    {
        foreach (var trim in Shelves)
            trim();
    }

    internal static void OnTrim(Action trim) => Shelves.Enqueue(trim);
}
