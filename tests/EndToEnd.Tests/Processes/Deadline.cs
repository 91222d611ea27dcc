using System.Diagnostics;

namespace Clew.EndToEnd.Tests.Processes;

/// <summary>Waits on conditions, never on durations.</summary>
internal static class Deadline
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until <paramref name="probe"/> gives an answer other than null.</summary>
    /// <exception cref="TimeoutException">There was none within <paramref name="limit"/>.</exception>
    public static async Task<T> UntilAsync<T>(string what, TimeSpan limit, Func<Task<T?>> probe) where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await probe() is { } found)
                return found;
            if (watch.Elapsed > limit)
                throw new TimeoutException($"Waited {limit.TotalSeconds:0.#} s in vain for {what}.");
            await Task.Delay(Interval);
        }
    }

    public static Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> condition) =>
        UntilAsync<object>(what, limit, async () => await condition() ? what : null);
}
