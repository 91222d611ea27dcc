using System.Collections.Concurrent;

namespace Clew.Storage;

/// <summary>Runs tasks on one thread of its own: for work that waits for the disk, which would starve a pool that has one thread per core.</summary>
internal sealed class DedicatedThread : TaskScheduler, IDisposable
{
    /// <summary>A tenth of what other threads get when all want the processor.</summary>
    const int LowestNiceness = 10;

    readonly BlockingCollection<Task> _tasks = [];
    readonly Thread _thread;

    public DedicatedThread(string name, ThreadPriority priority)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true, Priority = priority };
        _thread.Start();
    }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Lets the thread end once its queue is empty.</summary>
    public void Dispose() => _tasks.CompleteAdding();

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    void Run()
    {
        if (_thread.Priority == ThreadPriority.Lowest)
            NativeThread.YieldToOthers(LowestNiceness);
        foreach (var task in _tasks.GetConsumingEnumerable())
            TryExecuteTask(task);
        _tasks.Dispose();
    }
}
