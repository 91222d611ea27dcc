namespace Clew.Storage;

/// <summary>Where the store's own loops run. Tests bring a scheduler that takes turns from a seed.</summary>
internal sealed class StoreThreads(TaskScheduler commit, TaskScheduler seal, TaskScheduler compact) : IDisposable
{
    public TaskScheduler Commit => commit;

    public TaskScheduler Seal => seal;

    public TaskScheduler Compact => compact;

    public static StoreThreads Dedicated() =>
        new(
            new DedicatedThread("clew commit", ThreadPriority.AboveNormal), new DedicatedThread("clew seal", ThreadPriority.BelowNormal),
            new DedicatedThread("clew compact", ThreadPriority.Lowest));

    public static Task Start(Func<Task> loop, TaskScheduler scheduler) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    public void Dispose()
    {
        (commit as IDisposable)?.Dispose();
        (seal as IDisposable)?.Dispose();
        (compact as IDisposable)?.Dispose();
    }
}
