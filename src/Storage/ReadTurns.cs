using System.Diagnostics.CodeAnalysis;

namespace Clew.Storage;

/// <summary>Turns at reading blocks: so many threads do it at once. What others do not need makes one query faster.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing of the system, and queries that wait when the store closes must get their turn, to find out.")]
internal sealed class ReadTurns(int count, TaskScheduler helpers)
{
    readonly SemaphoreSlim _turns = new(count);

    /// <summary>Waits for a turn; <see cref="Return"/> gives it back.</summary>
    public Task TakeAsync(CancellationToken cancellation) => _turns.WaitAsync(cancellation);

    public void Return() => _turns.Release();

    /// <summary>Does work on this thread, and at the same time on another one for each turn that nobody has.</summary>
    /// <param name="work">Ends when there is no more to do, whichever thread did it.</param>
    public async Task ShareAsync(Action work)
    {
        var helping = new List<Task>();
        while (helping.Count < count - 1 && _turns.Wait(0, CancellationToken.None))
            helping.Add(Task.Factory.StartNew(() => Help(work), CancellationToken.None, TaskCreationOptions.DenyChildAttach, helpers));
        try
        {
            work();
        }
        finally
        {
            await Task.WhenAll(helping);
        }
    }

    void Help(Action work)
    {
        try
        {
            work();
        }
        finally
        {
            _turns.Release();
        }
    }
}
