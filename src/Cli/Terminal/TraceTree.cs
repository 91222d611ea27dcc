using Clew.Model;

namespace Clew.Cli.Terminal;

/// <summary>A trace as a tree in text: one line per span with its duration and a bar that shows when it ran, below it what is wrong with it.</summary>
/// <remarks>
/// <code>
/// inference.request  butterfly-coordinator      1.24 s  ██████████████████
/// ├─ coordination.distribute                   12.3 ms  █
/// └─ layer.execute  compute-node-1             1.10 s    ████████████████
///       ✗ error: out of memory
/// </code>
/// Broken traces are shown as broken: orphans, detached and duplicate spans say so in words.
/// </remarks>
internal sealed class TraceTree
{
    const int DurationWidth = 12;
    const int IndentWidth = 3;

    readonly Trace _trace;
    readonly Screen _screen;
    readonly TraceTreeDetail _detail;
    readonly TextWriter _output;
    readonly TraceSummary _summary;
    readonly SpanNotes _notes;
    readonly int _barWidth;
    readonly int _labelWidth;
    readonly int _depthMax;

    TraceTree(Trace trace, Screen screen, TraceTreeDetail detail, TextWriter output)
    {
        (_trace, _screen, _detail, _output) = (trace, screen, detail, output);
        _summary = TraceSummary.Of(trace);
        _notes = new SpanNotes(trace, _summary.Start);
        _barWidth = Math.Clamp(screen.Width / 4, 8, 48);
        _labelWidth = screen.Width - _barWidth - DurationWidth - 2;
        // Deeper spans keep this indent and tell their depth, so that their names stay readable.
        _depthMax = Math.Max(2, _labelWidth / 2 / IndentWidth);
    }

    /// <summary>Writes a summary and the tree.</summary>
    public static void Write(Trace trace, Screen screen, TraceTreeDetail detail, TextWriter output)
    {
        var tree = new TraceTree(trace, screen, detail, output);
        tree.WriteSummary();
        tree.WriteSpans();
    }

    void WriteSummary()
    {
        var palette = _screen.Palette;
        var name = _summary.RootName.Length > 0 ? $"{_summary.RootService}: {_summary.RootName}" : "(no root span)";
        _output.WriteLine(palette.Strong(_screen.Fit(TerminalText.Sanitize(name), _screen.Width)));
        _output.WriteLine($"trace {_trace.Id}  started {NanosText.Time(_summary.Start)} UTC");
        var counts = $"{NanosText.Duration(_summary.DurationNanos)}, {Count(_trace.SpanCount, "span")} of {Count(_summary.Services.Count, "service")}";
        var errors = _summary.ErrorCount > 0 ? ", " + palette.Error(Count(_summary.ErrorCount, "error")) : "";
        var orphans = _summary.OrphanCount > 0 ? ", " + palette.Warning(Count(_summary.OrphanCount, "orphan")) : "";
        var copies = _trace.CopiesLeftOut > 0 ? $" ({Count(_trace.CopiesLeftOut, "identical span")} left out: sent again)" : "";
        _output.WriteLine(counts + errors + orphans + copies);
        _output.WriteLine();
    }

    void WriteSpans()
    {
        var open = new Stack<(int Row, string Lead, bool IsLast, int Depth)>();
        for (var head = _trace.Heads.Length - 1; head >= 0; head--)
            open.Push((_trace.Heads[head], "", true, 0));
        while (open.TryPop(out var next))
        {
            var (row, lead, isLast, depth) = next;
            var isDeep = depth > _depthMax;
            var branch = depth == 0 ? "" : isDeep ? $"{lead}⋯{depth} " : lead + (isLast ? "└─ " : "├─ ");
            var below = depth == 0 || isDeep ? lead : lead + (isLast ? "   " : "│  ");
            var children = _trace.ChildrenOf(row);
            WriteSpan(row, branch);
            WriteNotes(row, below + (children.Length > 0 && depth < _depthMax ? "│  " : "   "));
            for (var child = children.Length - 1; child >= 0; child--)
                open.Push((children[child], below, child == children.Length - 1, depth + 1));
        }
    }

    void WriteSpan(int row, string branch)
    {
        var palette = _screen.Palette;
        var spans = _trace.Batch.Spans;
        var isError = spans.Statuses[row] == StatusCode.Error;
        var service = ServiceOf(row);
        var parent = _trace.ParentOf(row);
        var shownService = parent >= 0 && ServiceOf(parent) == service ? "" : service;
        var mark = isError ? "✗ " : "";
        var room = _labelWidth - TerminalText.Width(branch) - mark.Length;
        var name = _screen.Fit(TextOf(spans.Names[row]) is { Length: > 0 } given ? given : "(no name)", room);
        room -= TerminalText.Width(name) + 2;
        shownService = shownService.Length == 0 || (room < 4 && !_screen.IsEndless) ? "" : "  " + _screen.Fit(shownService, room);
        var gap = new string(' ', Math.Max(0, _labelWidth - TerminalText.Width(branch + mark + name + shownService)));
        var duration = NanosText.Duration(spans.DurationNanos(row)).PadLeft(DurationWidth);
        var bar = Bar(row);
        _output.WriteLine(string.Concat(
            palette.Dim(branch), isError ? palette.Error(mark + name) : name, palette.Service(service, shownService), gap, duration, "  ")
            + (isError ? palette.Error(bar) : palette.Service(service, bar)));
    }

    void WriteNotes(int row, string lead)
    {
        var palette = _screen.Palette;
        var room = Math.Max(20, _screen.Width - lead.Length);
        foreach (var note in _notes.Of(row, _detail))
        {
            var text = _screen.Fit(TerminalText.Sanitize(note.Text), room);
            _output.WriteLine(palette.Dim(lead) + note.Weight switch
            {
                NoteWeight.Error => palette.Error(text),
                NoteWeight.Warning => palette.Warning(text),
                _ => palette.Dim(text),
            });
        }
    }

    // At least one cell, so that every span is seen; never past the end.
    string Bar(int row)
    {
        var length = Math.Max(1.0, _summary.DurationNanos);
        var from = _summary.Start.NanosUntil(_trace.Batch.Spans.Starts[row]) / length * _barWidth;
        var to = from + (_trace.Batch.Spans.DurationNanos(row) / length * _barWidth);
        var first = Math.Min((int)from, _barWidth - 1);
        var end = Math.Clamp((int)Math.Round(to), first + 1, _barWidth);
        return new string(' ', first) + new string('█', end - first);
    }

    string ServiceOf(int row) => TerminalText.Sanitize(ServiceName.Of(_trace.Batch, _trace.Batch.ResourceOf(row)));

    string TextOf(int code) => TerminalText.Sanitize(_trace.Batch.Strings.GetString(code));

    static string Count(int count, string noun) => $"{count:N0} {noun}{(count == 1 ? "" : "s")}";
}
