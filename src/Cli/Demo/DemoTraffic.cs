using System.Diagnostics;

namespace Clew.Cli.Demo;

/// <summary>Requests to the four systems, arriving by chance at a mean rate, many at a time.</summary>
internal sealed class DemoTraffic : IDisposable
{
    const int InFlightMax = 500;
    static readonly TimeSpan LongPromptFirst = TimeSpan.FromSeconds(4);
    static readonly TimeSpan LongPromptEvery = TimeSpan.FromSeconds(45);

    readonly InferenceWorkload _inference;
    readonly IWorkload[] _workloads;
    readonly HashSet<Task> _inFlight = [];
    readonly CancellationTokenSource _abandon = new();

    public DemoTraffic(DemoTelemetry telemetry)
    {
        _inference = new InferenceWorkload(telemetry);
        _workloads = [_inference, new AgentsWorkload(telemetry), new PeerToPeerWorkload(telemetry), new KeyValueCacheWorkload(telemetry)];
    }

    /// <summary>Sends requests until <paramref name="stop"/>, then lets those under way come to an end.</summary>
    /// <param name="requestsPerSecond">Over all systems.</param>
    /// <param name="patience">How long they get before they are abandoned.</param>
    public async Task RunAsync(double requestsPerSecond, TimeSpan patience, CancellationToken stop)
    {
        // One of each at once, so that there is something to see.
        foreach (var workload in _workloads)
            Start(workload.HandleAsync);
        var clock = Stopwatch.StartNew();
        var nextLongPrompt = LongPromptFirst;
        var nextRequest = TimeSpan.Zero;
        while (!stop.IsCancellationRequested)
        {
            nextRequest += TimeSpan.FromSeconds(-Math.Log(1 - Random.Shared.NextDouble()) / requestsPerSecond);
            if (nextRequest > clock.Elapsed && !await DelayAsync(nextRequest - clock.Elapsed, stop))
                break;
            Start(Simulation.Pick(_workloads).HandleAsync);
            if (clock.Elapsed < nextLongPrompt)
                continue;
            Start(_inference.HandleLongPromptAsync);
            nextLongPrompt = clock.Elapsed + LongPromptEvery;
        }

        await FinishAsync(patience);
    }

    /// <summary>Sends what the services still hold.</summary>
    public void Dispose()
    {
        Parallel.ForEach(_workloads, workload => workload.Dispose());
        _abandon.Dispose();
    }

    // A machine that is too slow for the rate gets fewer requests, not more and more memory.
    void Start(Func<CancellationToken, Task> handle)
    {
        foreach (var done in _inFlight.Where(task => task.IsCompleted).ToArray())
        {
            _inFlight.Remove(done);
            Observe(done);
        }

        if (_inFlight.Count < InFlightMax)
            _inFlight.Add(Task.Run(() => handle(_abandon.Token)));
    }

    async Task FinishAsync(TimeSpan patience)
    {
        _abandon.CancelAfter(patience);
        foreach (var task in _inFlight)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Observe(task);
        }
    }

    // Simulated faults end in spans. What comes here is a bug of the demo, and is not kept quiet.
    static void Observe(Task task)
    {
        if (task.IsFaulted)
            task.GetAwaiter().GetResult();
    }

    static async Task<bool> DelayAsync(TimeSpan delay, CancellationToken stop)
    {
        await Task.Delay(delay, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
