using System.Globalization;
using Clew.Cli.Terminal;

namespace Clew.Cli.Load;

/// <summary>The report for people.</summary>
internal static class LoadReportText
{
    const int LabelWidth = 14;
    const string SearchHeader = "QUERY                    P50 ms    P95 ms    P99 ms    MAX ms  TRACES      KB  FAILED";

    public const string IntervalHeader = "  TIME s         SPANS   SPANS/S   P50 ms   P99 ms   MAX ms   CORES  CPU µs/SPAN  MEMORY MB    STORED SPANS   DISK MB  REFUSED";

    public static void Write(LoadReport report, Palette palette, TextWriter output)
    {
        var counts = report.Counts;
        Line("acknowledged", Acknowledged(report));
        Line("latency", Latency(report.Latency));
        if (report.LatencyFromDue is { } fromDue)
            Line("from due", Latency(fromDue));
        Line("refused", Refused(counts));
        foreach (var reason in report.Reasons)
            Line("", palette.Warning(Number($"{reason.Count:N0} × {TerminalText.Sanitize(reason.Reason)}")));
        Line("this sender", Number($"{report.ClientCpuSeconds:0.00} s of CPU: {report.ClientCpuSeconds / report.Seconds:0.00} cores"));
        if (report.ServerCpuSeconds is { } cpu)
            Line("server", Server(report, cpu));
        if (report.Store is { } store)
            Line("disk", Disk(store));
        Line("completeness", report.Completeness is { } completeness ? Completeness(completeness, palette) : $"not checked: {report.NotChecked}");
        foreach (var example in report.Completeness?.Examples ?? [])
            Line("", palette.Error(example));
        if (report.Searches.Count > 0)
            WriteSearches(report.Searches, palette, output);

        void Line(string label, string text) => output.WriteLine(label.PadRight(LabelWidth) + text);
    }

    /// <summary>One row below <see cref="IntervalHeader"/>.</summary>
    public static string Row(IntervalRow row) =>
        Number($"{row.Seconds,8:0}{row.SpanCount,14:N0}{row.SpansPerSecond,10:N0}{row.Latency.P50,9:0.00}{row.Latency.P99,9:0.00}{row.Latency.Max,9:0.0}")
        + $"{Or(row.ServerCores, "0.00"),8}{Or(row.CpuMicrosPerSpan, "0.00"),13}{Or(row.ResidentBytes / 1e6, "0"),11}{Or(row.Store?.SpanCount, "N0"),16}"
        + Number($"{Or(row.Store?.Bytes / 1e6, "N0"),10}{row.RefusedCount + row.UnansweredCount + row.FailedCount,9:N0}");

    /// <summary>Where things stand, in a line that is written over the one before.</summary>
    public static string Live(LoadMoment before, LoadMoment now)
    {
        var seconds = (now.At - before.At).TotalSeconds;
        var cores = (now.Server.CpuSeconds - before.Server.CpuSeconds) / seconds;
        var troubles = now.Counts.RefusedCount + now.Counts.UnansweredCount + now.Counts.FailedCount;
        return Number($"{now.At.TotalSeconds:0} s  {now.Counts.SpanCount:N0} spans  {(now.Counts.SpanCount - before.Counts.SpanCount) / seconds:N0} spans/s")
            + (cores is null ? "" : Number($"  server {cores:0.00} cores")) + (now.Server.ResidentBytes is { } resident ? Number($"  {resident / 1e6:0} MB") : "")
            + (troubles > 0 ? Number($"  {troubles:N0} requests not acknowledged") : "");
    }

    static void WriteSearches(IReadOnlyList<SearchKindResult> searches, Palette palette, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(palette.Dim(SearchHeader));
        foreach (var kind in searches)
        {
            var latency = kind.Latency;
            output.WriteLine(Number($"{kind.Kind,-22}{latency.P50,10:0.00}{latency.P95,10:0.00}{latency.P99,10:0.00}{latency.Max,10:0.00}")
                + Number($"{kind.TracesPerAnswer,8:0.0}{kind.KilobytesPerAnswer,8:0}{kind.FailedCount,8}")
                + (kind.NotFoundCount > 0 ? palette.Error($"  {kind.NotFoundCount} answers lack the trace they must have") : "")
                + (kind.Problem.Length > 0 ? palette.Error($"  {TerminalText.Sanitize(kind.Problem)}") : ""));
        }
    }

    static string Acknowledged(LoadReport report) =>
        Number($"{report.Counts.SpanCount:N0} spans in {report.Seconds:0.0} s: {report.SpansPerSecond:N0} spans/s, {report.Counts.Bytes / report.Seconds / 1e6:0.0} MB/s")
        + Number($", {report.Counts.RequestCount:N0} requests");

    static string Latency(LatencySummary latency) =>
        Number($"p50 {latency.P50:0.00} ms, p95 {latency.P95:0.00} ms, p99 {latency.P99:0.00} ms, max {latency.Max:0.00} ms");

    static string Refused(LoadCounts counts) =>
        Number($"{counts.RefusedCount:N0} requests to be sent again, {counts.UnansweredCount:N0} unanswered, {counts.FailedCount:N0} failed, ")
        + Number($"{counts.RejectedSpanCount:N0} spans rejected");

    static string Server(LoadReport report, double cpu) =>
        Number($"{cpu:0.0} s of CPU: {cpu / report.Seconds:0.00} cores, {report.SpansPerServerCpuSecond:N0} spans per CPU second")
        + (report.ServerCpuSecondsSettled is { } settled ? Number($" ({settled:0.0} s with settling)") : "")
        + (report.ServerResidentBytesMax is { } bytes ? Number($", memory at most {bytes / 1e6:0} MB") : "");

    static string Disk(StoreFigures store) =>
        Number($"{store.BlockBytes / 1e6:N1} MB in {store.BlockCount:N0} blocks with {store.SpanCount - store.HeadSpanCount:N0} spans")
        + (store.BytesPerSpan is { } bytes ? Number($": {bytes:0.0} bytes per span") : "")
        + Number($"; {store.SegmentBytes / 1e6:N1} MB of log with {store.HeadSpanCount:N0} spans");

    static string Completeness(Completeness found, Palette palette)
    {
        var text = Number($"{found.Whole:N0} of {found.LookedUp:N0} traces are whole, {found.FoundSpanCount:N0} of {found.SpanCount:N0} spans");
        if (found.IsComplete)
            return text;
        return palette.Error(Number($"{text}: {found.Incomplete:N0} traces lack spans, {found.Missing:N0} are not there"))
            + (found.Problem.Length > 0 ? palette.Error($" ({TerminalText.Sanitize(found.Problem)})") : "");
    }

    static string Or<T>(T? value, string format)
        where T : struct, IFormattable => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
