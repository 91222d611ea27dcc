namespace Clew.Cli.Load;

/// <summary>Looks at a run every second: for whoever watches, for the highest memory, and for the table of a long run.</summary>
internal sealed class LoadMonitor(LoadSender sender, LoadTally tally, ServerWatch watch, TimeSpan? interval, LoadScreen screen) : IDisposable
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    readonly CancellationTokenSource _end = new();
    readonly List<IntervalRow> _rows = [];
    LoadMoment _rowBegan;
    Task _watching = Task.CompletedTask;

    /// <summary>The most memory the server was seen with; 0 when nothing is known.</summary>
    public long ResidentBytesMax { get; private set; }

    public IReadOnlyList<IntervalRow> Rows => _rows;

    /// <returns>The server before the first request.</returns>
    public async Task<ServerFigures> StartAsync()
    {
        _rowBegan = await LookAsync();
        _watching = WatchAsync(_rowBegan);
        return _rowBegan.Server;
    }

    /// <returns>The server after the last answer.</returns>
    public async Task<ServerFigures> StopAsync()
    {
        var last = await LookAsync();
        await _end.CancelAsync();
        await _watching;
        if (interval is not null && last.Counts.RequestCount > _rowBegan.Counts.RequestCount)
            EndRow(last);
        return last.Server;
    }

    public void Dispose() => _end.Dispose();

    async Task WatchAsync(LoadMoment began)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            for (var (before, now) = (began, began); await timer.WaitForNextTickAsync(_end.Token); before = now)
            {
                now = await LookAsync();
                if (interval is { } length && now.At - _rowBegan.At >= length - (Period / 2))
                    EndRow(now);
                screen.Show(LoadReportText.Live(before, now));
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    async Task<LoadMoment> LookAsync()
    {
        var server = await watch.ReadAsync(CancellationToken.None);
        ResidentBytesMax = Math.Max(ResidentBytesMax, server.ResidentBytesMax ?? server.ResidentBytes ?? 0);
        return new LoadMoment(sender.Elapsed, tally.Counts, server);
    }

    void EndRow(LoadMoment now)
    {
        var row = IntervalRow.Between(_rowBegan, now, tally.TakeRecent());
        _rows.Add(row);
        _rowBegan = now;
        screen.Row(row);
    }
}
