using System.Collections.Concurrent;

namespace Clew.Model;

/// <summary>The memory of released batches, which the next ones use.</summary>
public static class ColumnMemory
{
    static readonly ConcurrentQueue<(Action Trim, Func<long> IdleBytes)> Shelves = new();

    /// <summary>Bytes that wait for the next batch.</summary>
    public static long IdleBytes => Shelves.Sum(shelf => shelf.IdleBytes());

    /// <summary>Gives up what was not used since the last call. To be called now and then, so that what a burst of load needed is not held for ever.</summary>
    public static void Trim()
    {
        foreach (var (trim, _) in Shelves)
            trim();
    }

    internal static void Register(Action trim, Func<long> idleBytes) => Shelves.Enqueue((trim, idleBytes));
}
