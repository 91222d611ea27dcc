namespace Clew.Storage.Tests.Simulation;

/// <summary>Runs tasks one at a time on whoever steps it, in an order that a seed decides.</summary>
internal sealed class SeededScheduler(Random random) : TaskScheduler
{
    readonly List<Task> _tasks = [];

    public override int MaximumConcurrencyLevel => 1;

    public Task<T> Start<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Lets one task that is ready take its turn; false when none is.</summary>
    public bool Step()
    {
        Task task;
        lock (_tasks)
        {
            if (_tasks.Count == 0)
                return false;
            var at = random.Next(_tasks.Count);
            task = _tasks[at];
            _tasks.RemoveAt(at);
        }

        Execute(task);
        return true;
    }

    // The test runner's context would catch the continuations that belong here.
    void Execute(Task task)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        TryExecuteTask(task);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    public void RunUntilIdle()
    {
        while (Step())
        {
        }
    }

    /// <summary>Steps until the work is done; the history is stuck when nothing is left to do and it is not.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        var task = Start(work);
        while (!task.IsCompleted)
            Assert.True(Step(), "Nothing is left to do, and the work is not done.");
        return task.GetAwaiter().GetResult();
    }

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
            _tasks.Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;
}
