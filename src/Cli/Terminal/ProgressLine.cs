using Clew.Storage.Inspection;

namespace Clew.Cli.Terminal;

/// <summary>How far a long command is, on standard error: nothing for the first two seconds, then a line that is rewritten, or, where that is no terminal, one line now and then.</summary>
/// <remarks><code>verified 1.25 GiB of 4.80 GiB (26 %), 310 MiB/s, 12 s left</code></remarks>
/// <param name="verb">What was done with the bytes.</param>
/// <param name="isTerminal">Whether a line on <paramref name="output"/> can be rewritten.</param>
internal sealed class ProgressLine(string verb, TextWriter output, bool isTerminal, TimeProvider time) : IProgress<WorkProgress>, IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Rewrite = TimeSpan.FromMilliseconds(200), Repeat = TimeSpan.FromSeconds(10);

    readonly Lock _lock = new();
    readonly long _began = time.GetTimestamp();
    TimeSpan _next = Patience;
    bool _isShown;

    public static ProgressLine OfProcess(string verb) => new(verb, Console.Error, !Console.IsErrorRedirected, TimeProvider.System);

    public void Report(WorkProgress value)
    {
        lock (_lock)
        {
            var elapsed = time.GetElapsedTime(_began);
            if (elapsed < _next)
                return;
            _next = elapsed + (isTerminal ? Rewrite : Repeat);
            _isShown = true;
            output.Write(isTerminal ? $"\r\e[K{Line(value, elapsed)}" : Line(value, elapsed) + "\n");
        }
    }

    /// <summary>Leaves the terminal as it was.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isShown && isTerminal)
                output.Write("\r\e[K");
            _next = TimeSpan.MaxValue;
        }
    }

    string Line(WorkProgress progress, TimeSpan elapsed)
    {
        // A file that grows meanwhile is no reason to claim more than everything.
        var total = Math.Max(progress.TotalBytes, progress.DoneBytes);
        var rate = progress.DoneBytes / elapsed.TotalSeconds;
        var percent = total == 0 ? 100 : 100.0 * progress.DoneBytes / total;
        var left = rate > 0 ? $", {Left((total - progress.DoneBytes) / rate)} left" : "";
        return $"{verb} {BytesText.Of(progress.DoneBytes)} of {BytesText.Of(total)} ({percent:0} %), {BytesText.Of(rate)}/s{left}";
    }

    static string Left(double seconds) => seconds < 90 ? $"{Math.Ceiling(seconds):0} s" : $"{Math.Ceiling(seconds / 60):0} min";
}
