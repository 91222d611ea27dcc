using System.Diagnostics.CodeAnalysis;

namespace Clew.Storage;

/// <summary>Runs tasks on one thread of its own: for work that waits for the disk, which would starve a pool that has one thread per core.</summary>
internal sealed class DedicatedThread : TaskScheduler, IDisposable
{
    /// <summary>A tenth of what other threads get when all want the processor.</summary>
    const int LowestNiceness = 10;

    // Guards itself, and wakes the thread. A monitor does not spin before it sleeps: at a few requests a second that is most of what waiting costs.
    readonly Queue<Task> _tasks = [];
    readonly Thread _thread;
    bool _isComplete;

    public DedicatedThread(string name, ThreadPriority priority)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true, Priority = priority };
        _thread.Start();
    }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Lets the thread end once its queue is empty.</summary>
    public void Dispose()
    {
        lock (_tasks)
        {
            _isComplete = true;
            Monitor.Pulse(_tasks);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
        {
            if (_isComplete)
                throw new InvalidOperationException("The thread has ended.");
            _tasks.Enqueue(task);
            Monitor.Pulse(_tasks);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_tasks)
            return [.. _tasks];
    }

    void Run()
    {
        if (_thread.Priority == ThreadPriority.Lowest)
            NativeThread.YieldToOthers(LowestNiceness);
        while (TryTakeNext(out var task))
            TryExecuteTask(task);
    }

    bool TryTakeNext([NotNullWhen(true)] out Task? task)
    {
        lock (_tasks)
        {
            while (_tasks.Count == 0 && !_isComplete)
                Monitor.Wait(_tasks);
            return _tasks.TryDequeue(out task);
        }
    }
}
