namespace Clew.Storage.Tests.Reading;

/// <summary>Runs each task on a thread of its own that can be told from others.</summary>
internal sealed class NamedThreads : TaskScheduler, IDisposable
{
    const string Name = "helper";

    readonly List<Thread> _threads = [];

    public static bool IsCurrent => Thread.CurrentThread.Name == Name;

    public void Dispose()
    {
        lock (_threads)
            _threads.ForEach(thread => thread.Join());
    }

    protected override void QueueTask(Task task)
    {
        var thread = new Thread(() => TryExecuteTask(task)) { Name = Name, IsBackground = true };
        lock (_threads)
            _threads.Add(thread);
        thread.Start();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
