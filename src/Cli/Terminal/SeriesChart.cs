using System.Globalization;

namespace Clew.Cli.Terminal;

/// <summary>Time series as a chart, and below it what each line is.</summary>
/// <remarks>
/// Several lines are told apart by colour, and by their own small line in the legend; where there are no colours the chart has the first alone. Of many lines it has those with
/// the highest peaks. One sample over the whole time is a table.
/// </remarks>
internal static class SeriesChart
{
    const int Rows = 10, LinesMax = 8, LegendMax = 20, AxisWidth = 11, WidthMax = 120, SparkWidth = 24;

    /// <summary>How many samples a line of the chart has room for.</summary>
    public static int SampleCountFor(Screen screen) => ColumnsOf(screen) * DotCanvas.DotsAcross;

    public static void Write(MetricsAnswer answer, Screen screen, TextWriter output)
    {
        ChartLine[] lines = [.. answer.Lines.Where(line => !double.IsNaN(line.Max)).OrderByDescending(line => line.Max)];
        if (lines.Length == 0)
        {
            output.WriteLine("No span matches in this time, so there is nothing to draw. Look further back with --since 24h.");
            return;
        }

        if (answer.Times.Count > 1)
            WriteChart(answer, lines, screen, output);
        WriteLegend(answer, lines, screen, output);
    }

    static void WriteChart(MetricsAnswer answer, ChartLine[] lines, Screen screen, TextWriter output)
    {
        var shown = lines[..Math.Min(lines.Length, screen.Palette.IsColoured ? LinesMax : 1)];
        var (min, max) = (Math.Min(0, shown.Min(line => line.Min)), shown.Max(line => line.Max));
        if (max <= min)
            max = min + 1;
        var canvas = new DotCanvas(ColumnsOf(screen), Rows);
        // The highest comes last, so that it is whole.
        for (var index = shown.Length - 1; index >= 0; index--)
            Draw(canvas, shown[index].Samples, min, max, index);
        for (var row = 0; row < Rows; row++)
        {
            var label = row == 0 ? answer.Format(max) : row == Rows - 1 ? answer.Format(min) : row == Rows / 2 ? answer.Format(min + ((max - min) * (Rows - 1 - row) / (Rows - 1))) : "";
            output.WriteLine(label.PadLeft(AxisWidth - 2) + screen.Palette.Dim(label.Length > 0 ? " ┤" : " │")
                + string.Concat(canvas.Row(row).Select(run => run.Owner < 0 ? run.Text : screen.Palette.Line(run.Owner, run.Text))));
        }

        output.WriteLine(new string(' ', AxisWidth - 1) + screen.Palette.Dim("└" + new string('─', ColumnsOf(screen))));
        output.WriteLine(TimeAxis(answer, ColumnsOf(screen)));
    }

    static void Draw(DotCanvas canvas, double[] samples, double min, double max, int owner)
    {
        (int X, int Y)? before = null;
        for (var at = 0; at < samples.Length; at++)
        {
            if (double.IsNaN(samples[at]))
            {
                before = null;
                continue;
            }

            var x = samples.Length == 1 ? 0 : (int)((long)at * (canvas.Width - 1) / (samples.Length - 1));
            var y = canvas.Height - 1 - (int)Math.Round((samples[at] - min) / (max - min) * (canvas.Height - 1));
            canvas.Draw(before ?? (x, y), (x, y), owner);
            before = (x, y);
        }
    }

    static string TimeAxis(MetricsAnswer answer, int columns)
    {
        var (first, last) = (answer.Times[0].ToDateTimeOffset(), answer.Times[^1].ToDateTimeOffset());
        var length = last - first;
        var form = length > TimeSpan.FromDays(1) ? "MM-dd HH:mm" : length > TimeSpan.FromMinutes(10) ? "HH:mm" : "HH:mm:ss";
        var end = last.ToString(form, CultureInfo.InvariantCulture) + " UTC";
        var start = first.ToString(form, CultureInfo.InvariantCulture);
        return new string(' ', AxisWidth) + start + end.PadLeft(Math.Max(end.Length + 1, columns - start.Length));
    }

    static void WriteLegend(MetricsAnswer answer, ChartLine[] lines, Screen screen, TextWriter output)
    {
        var isOneSample = answer.Times.Count == 1;
        var shown = lines[..Math.Min(lines.Length, LegendMax)];
        var room = Math.Max(16, screen.Width - (isOneSample ? 16 : SparkWidth + 48));
        var nameWidth = shown.Max(line => TerminalText.Width(screen.Fit(line.Name, room)));
        for (var index = 0; index < shown.Length; index++)
        {
            var line = shown[index];
            var name = TerminalText.Pad(screen.Fit(line.Name, room), nameWidth);
            var mark = index < LinesMax ? screen.Palette.Line(index, "■") : " ";
            output.WriteLine(isOneSample
                ? $"{mark} {name}  {answer.Format(line.Last),12}"
                : $"{mark} {name}  {screen.Palette.Line(index, TerminalText.Pad(Sparkline.Of(line.Samples, Math.Min(0, line.Min), line.Max, SparkWidth), SparkWidth))}"
                    + $"  last {answer.Format(line.Last),8}  min {answer.Format(line.Min),8}  max {answer.Format(line.Max),8}");
        }

        if (lines.Length > shown.Length)
            output.WriteLine(screen.Palette.Dim($"and {lines.Length - shown.Length} more: --csv has them all, | topk(5) behind the query fewer."));
    }

    static int ColumnsOf(Screen screen) => Math.Min(screen.Width, WidthMax) - AxisWidth;
}
