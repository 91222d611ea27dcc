using System.Threading.Channels;

namespace Clew.Storage;

/// <summary>A loop that does one step of work after the other as long as there is any, waits to be woken, and takes no failure for the end.</summary>
/// <remarks>
/// A failure of the disk leaves everything as it is, to be tried again after a while. So does a bug: whatever it is, the spans are durable and stay visible; it is named as
/// trouble for as long as it lasts.
/// </remarks>
/// <param name="step">Does one thing; answers false when there is nothing to do.</param>
/// <param name="what">For messages: what could not be done, as in "segments could not be sealed".</param>
internal sealed class BackgroundWork(string what, Func<CancellationToken, Task<bool>> step, TimeProvider time, Action<StorageEvent> report) : IDisposable
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    readonly CancellationTokenSource _closing = new();
    string _lastFailure = "", _trouble = "";
    long _failedAt;

    /// <summary>The bug that keeps the work from being done; empty when there is none.</summary>
    public string TroubleText => Volatile.Read(ref _trouble);

    /// <summary>Lets the loop look for work.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Ends the loop; a step under way is given up.</summary>
    public void Complete()
    {
        _closing.Cancel();
        _wake.Writer.TryComplete();
    }

    public async Task RunAsync()
    {
        while (await _wake.Reader.WaitToReadAsync())
        {
            _wake.Reader.TryRead(out _);
            while (!_closing.IsCancellationRequested && await TryStepAsync())
                await Task.Yield();
        }
    }

    public void Dispose() => _closing.Dispose();

    async Task<bool> TryStepAsync()
    {
        if (_lastFailure.Length > 0 && time.GetElapsedTime(_failedAt) < RetryInterval)
            return false;
        try
        {
            var isDone = await step(_closing.Token);
            _lastFailure = "";
            Volatile.Write(ref _trouble, "");
            return isDone;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Postpone(failure, $"{what}, and stay as they are until they can. {failure.Message}");
            return false;
        }
        catch (Exception bug)
        {
            var trouble = $"{what} because of a bug ({bug.GetType().Name}): {bug.Message}";
            Volatile.Write(ref _trouble, trouble);
            Postpone(bug, trouble);
            return false;
        }
    }

    void Postpone(Exception failure, string text)
    {
        _failedAt = time.GetTimestamp();
        if (failure.Message != _lastFailure)
            report(new StorageEvent(StorageEventLevel.Error, text));
        _lastFailure = failure.Message;
    }
}
