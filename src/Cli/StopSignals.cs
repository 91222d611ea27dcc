using System.Runtime.InteropServices;

namespace Clew.Cli;

/// <summary>Ctrl-C and SIGTERM ask for an orderly end. A second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource _requested = new();
    readonly PosixSignalRegistration[] _registrations;

    StopSignals() => _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    /// <summary>Runs a command that hears the signals. One that is given up because of them, while its server is starting for instance, has ended in order.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<StopSignals, Task<int>> command)
    {
        using var signals = new StopSignals();
        try
        {
            return await command(signals);
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            return 0;
        }
    }

    public CancellationToken Requested => _requested.Token;

    /// <summary>Asks for the end as a signal would, after a while.</summary>
    public void RequestAfter(TimeSpan duration) => _requested.CancelAfter(duration);

    public async Task WaitAsync() => await Task.Delay(Timeout.InfiniteTimeSpan, Requested).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _requested.Dispose();
    }

    void Handle(PosixSignalContext signal)
    {
        signal.Cancel = !_requested.IsCancellationRequested;
        _requested.Cancel();
    }
}
