using System.Diagnostics.CodeAnalysis;

namespace Clew.Storage.Reading;

/// <summary>Turns at reading blocks: so many threads do it at once. What others do not need makes one query faster.</summary>
/// <param name="helpers">Runs those that help.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing of the system, and queries that wait when the store closes must get their turn, to find out.")]
internal sealed class ReadTurns(int count, TaskScheduler helpers)
{
    readonly SemaphoreSlim _turns = new(count);
    int _waiting, _helperCount;

    /// <summary>Helpers that were started so far.</summary>
    public int HelperCount => Volatile.Read(ref _helperCount);

    /// <summary>Waits for a turn; <see cref="Return"/> gives it back.</summary>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        if (_turns.Wait(0, CancellationToken.None))
            return;
        Interlocked.Increment(ref _waiting);
        try
        {
            await _turns.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Return() => _turns.Release();

    /// <summary>Does work slice by slice, on this thread and at the same time on another one for each turn that nobody has or waits for.</summary>
    /// <param name="workSlice">
    /// Does some of the work; answers whether there is more for this thread at the moment. What one thread has in hand may turn out to be more for all.
    /// </param>
    public async Task ShareAsync(Func<bool> workSlice)
    {
        var helping = new List<Task>();
        try
        {
            while (true)
            {
                while (workSlice())
                {
                    if (helping.Count(task => !task.IsCompleted) < count - 1 && TryStart(workSlice, out var helper))
                        helping.Add(helper);
                    await Task.Yield();
                }

                if (helping.Count == 0)
                    return;
                // A helper may have made work of what it had in hand, and have left it for a query without a turn.
                await Task.WhenAll(helping);
                helping.Clear();
            }
        }
        finally
        {
            await Task.WhenAll(helping);
        }
    }

    bool TryStart(Func<bool> workSlice, [NotNullWhen(true)] out Task? helper)
    {
        helper = null;
        if (Volatile.Read(ref _waiting) > 0 || !_turns.Wait(0, CancellationToken.None))
            return false;
        try
        {
            helper = Task.Factory.StartNew(() => Help(workSlice), CancellationToken.None, TaskCreationOptions.DenyChildAttach, helpers);
            Interlocked.Increment(ref _helperCount);
            return true;
        }
        catch
        {
            _turns.Release();
            throw;
        }
    }

    // Whoever has no turn at all comes first.
    void Help(Func<bool> workSlice)
    {
        try
        {
            while (Volatile.Read(ref _waiting) == 0 && workSlice())
            {
                // The next slice.
            }
        }
        finally
        {
            _turns.Release();
        }
    }
}
