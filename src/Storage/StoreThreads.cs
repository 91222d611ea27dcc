namespace Clew.Storage;

/// <summary>Where the store's own loops run. Tests bring a scheduler that takes turns from a seed.</summary>
internal sealed class StoreThreads(TaskScheduler commit, TaskScheduler seal, TaskScheduler compact, TaskScheduler? transfer = null, TaskScheduler? read = null) : IDisposable
{
    public TaskScheduler Commit => commit;

    public TaskScheduler Seal => seal;

    public TaskScheduler Compact => compact;

    /// <summary>Where buckets are asked while the others go on. A call may take as long as its bucket does.</summary>
    public TaskScheduler Transfer => transfer ?? compact;

    /// <summary>Where queries get help from.</summary>
    public TaskScheduler Read => read ?? compact;

    public static StoreThreads Dedicated() =>
        new(
            new DedicatedThread("clew commit", ThreadPriority.AboveNormal), new DedicatedThread("clew seal", ThreadPriority.BelowNormal),
            new DedicatedThread("clew compact", ThreadPriority.Lowest), TaskScheduler.Default, TaskScheduler.Default);

    public static Task Start(Func<Task> loop, TaskScheduler scheduler) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    public void Dispose()
    {
        (commit as IDisposable)?.Dispose();
        (seal as IDisposable)?.Dispose();
        (compact as IDisposable)?.Dispose();
    }
}
