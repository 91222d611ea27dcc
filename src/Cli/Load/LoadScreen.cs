using System.Globalization;
using Clew.Cli.Load.Corpus;
using Clew.Cli.Terminal;

namespace Clew.Cli.Load;

/// <summary>What is seen of a run while it lasts: the rows of a long run, and on a terminal a line of standard error that is written over every second.</summary>
/// <param name="palette">Colours of standard output.</param>
/// <param name="isForMachines">Keeps standard output for the report.</param>
internal sealed class LoadScreen(Palette palette, bool isForMachines)
{
    readonly bool _isLive = !Console.IsErrorRedirected;
    readonly Lock _gate = new();
    bool _hasHeader;

    public void Begin(LoadOptions options, TraceCorpus corpus, Uri? query)
    {
        if (isForMachines)
            return;
        var figures = CorpusFigures.Of(corpus, options.Seed);
        var pace = options.SpansPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate:N0} spans/s") : "as fast as acknowledged";
        var content = string.Create(CultureInfo.InvariantCulture, $"{figures.Traces:N0} traces, {figures.Spans:N0} spans, {figures.BytesPerSpan:0} bytes a span");
        Write($"Sending to {options.Target} over {options.ConnectionCount} connections, {pace}; corpus {figures.Seed}: {content}.");
        if (query is not null)
            Write($"Looking up what was sent, and the server's figures, at {query}.");
    }

    /// <summary>Replaces the line that shows where things stand.</summary>
    public void Show(string text)
    {
        if (!_isLive)
            return;
        lock (_gate)
            Console.Error.Write("\r\e[K" + text);
    }

    public void Row(IntervalRow row)
    {
        if (isForMachines)
            return;
        if (!_hasHeader)
            Write(palette.Dim(LoadReportText.IntervalHeader));
        _hasHeader = true;
        Write(LoadReportText.Row(row));
    }

    public void End(LoadReport report)
    {
        Show("");
        if (isForMachines)
            Console.Out.WriteLine(LoadReportJson.Write(report));
        else
            LoadReportText.Write(report, palette, Console.Out);
    }

    void Write(string line)
    {
        Show("");
        Console.Out.WriteLine(line);
    }
}
