namespace Clew.Storage;

/// <summary>Where the store's own loops run. Tests bring a scheduler that takes turns from a seed.</summary>
internal sealed class StoreThreads(TaskScheduler commit, TaskScheduler seal) : IDisposable
{
    public TaskScheduler Commit => commit;

    public TaskScheduler Seal => seal;

    public static StoreThreads Dedicated() =>
        new(new DedicatedThread("clew commit", ThreadPriority.AboveNormal), new DedicatedThread("clew seal", ThreadPriority.BelowNormal));

    public static Task Start(Func<Task> loop, TaskScheduler scheduler) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    public void Dispose()
    {
        (commit as IDisposable)?.Dispose();
        (seal as IDisposable)?.Dispose();
    }
}
