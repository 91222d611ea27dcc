using System.Globalization;

namespace Clew.Cli.Terminal;

/// <summary>Says, after two seconds, that an answer is still awaited: a line on standard error that is rewritten, or, where that is no terminal, one line.</summary>
internal sealed class WaitingLine : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Rewrite = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    readonly TextWriter _output;
    readonly bool _isTerminal;
    readonly TimeProvider _time;
    readonly long _began;
    readonly ITimer _timer;
    bool _isShown, _isOver;

    public WaitingLine(TextWriter output, bool isTerminal, TimeProvider time)
    {
        (_output, _isTerminal, _time, _began) = (output, isTerminal, time, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Show(), null, Patience, isTerminal ? Rewrite : Timeout.InfiniteTimeSpan);
    }

    public static WaitingLine OfProcess() => new(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>Leaves the terminal as it was. May be called more than once.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _isOver = true;
            if (_isShown && _isTerminal)
                _output.Write("\r\e[K");
        }

        _timer.Dispose();
    }

    void Show()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _isShown = true;
            var line = string.Create(CultureInfo.InvariantCulture, $"waiting for the answer, {_time.GetElapsedTime(_began).TotalSeconds:0} s");
            _output.Write(_isTerminal ? $"\r\e[K{line}" : line + "\n");
        }
    }
}
