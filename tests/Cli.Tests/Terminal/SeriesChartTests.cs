using System.Text.Json;
using Clew.Cli.Terminal;
using Clew.Model;

namespace Clew.Cli.Tests.Terminal;

public sealed class SeriesChartTests
{
    static readonly Screen Plain = new(60, new Palette(isColoured: false));

    [Fact]
    public void One_series_is_drawn_with_its_scale_its_times_and_its_figures()
    {
        using var output = new StringWriter { NewLine = "\n" };
        SeriesChart.Write(Answer("{ true } | rate()", ("", [0, 1, 2, 3, 4, 3, 2, 1, 0])), Plain, output);
        var lines = output.ToString().Split('\n');
        Assert.StartsWith("        4 ┤", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("        0 ┤", lines[9], StringComparison.Ordinal);
        Assert.StartsWith("          └─────", lines[10], StringComparison.Ordinal);
        Assert.Equal(new string(' ', 11) + "00:00:00" + "00:01:20 UTC".PadLeft(41), lines[11]);
        Assert.Equal("■ all  ▁▃▅▇█▇▅▃▁                 last        0  min        0  max        4", lines[12]);
        Assert.All(lines[..12], line => Assert.InRange(TerminalText.Width(line), 0, 63));
        Assert.DoesNotContain('\e', output.ToString());
    }

    [Fact]
    public void Without_colours_several_series_are_told_apart_by_their_own_small_lines()
    {
        using var output = new StringWriter { NewLine = "\n" };
        SeriesChart.Write(Answer("{ true } | avg_over_time(duration) by(.a)", (".a=x", [0.001, double.NaN, 0.002]), (".a=y\u001b", [1, 2, 3])), Plain, output);
        Assert.Contains("■ .a=y�  ▃▆█                       last   3.00 s  min   1.00 s  max   3.00 s\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("■ .a=x   ▅ █                       last  2.00 ms  min  1.00 ms  max  2.00 ms\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_sample_over_the_whole_time_is_a_table()
    {
        using var output = new StringWriter { NewLine = "\n" };
        SeriesChart.Write(Answer("{ true } | count_over_time() by(.a)", (".a=x", [12_345_678]), (".a=yy", [7])), Plain, output);
        Assert.Equal("■ .a=x          12.3M\n■ .a=yy             7\n", output.ToString());
    }

    [Fact]
    public void A_chart_stays_within_the_time_that_was_asked_for()
    {
        var asked = new TimeRange(new UnixNanos(5_000_000_000), new UnixNanos(25_000_000_000));
        var answer = Answer("{ true } | rate()", ("", [9, 1, 2, 3])).Within(asked);
        Assert.Equal([10_000_000_000UL, 20_000_000_000, 25_000_000_000], answer.Times.Select(time => time.Value));
        Assert.Equal([1.0, 2, 3], answer.Lines[0].Samples);
    }

    [Fact]
    public void Nothing_to_draw_is_said()
    {
        using var output = new StringWriter();
        SeriesChart.Write(Answer("{ true } | rate()"), Plain, output);
        Assert.StartsWith("No span matches in this time", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_numbers_are_drawn_within_the_screen()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        double[] odd = [double.NaN, 0, -1, 1e-9, 1e18, -1e18, 0.5, 7];
        for (var round = 0; round < 200; round++)
        {
            using var output = new StringWriter();
            var series = Enumerable.Range(0, random.Next(1, 30))
                .Select(index => ($".a={index}", Enumerable.Range(0, random.Next(2, 200)).Select(_ => odd[random.Next(odd.Length)]).ToArray())).ToArray();
            SeriesChart.Write(Answer("{ true } | rate()", [.. series.Select(line => (line.Item1, line.Item2[..series.Min(other => other.Item2.Length)]))]), new Screen(random.Next(40, 200), new Palette(random.Next(2) == 0)), output);
            Assert.True(output.ToString().Length > 0, $"seed {seed}");
        }
    }

    [Fact]
    public void CSV_has_a_line_per_sample_and_a_column_per_label()
    {
        using var output = new StringWriter { NewLine = "\n" };
        SeriesCsv.Write(Answer("q", (".a=x,y", [1.5, double.NaN, 2])), output);
        Assert.Equal("time,.a,value\n1970-01-01T00:00:00Z,\"x,y\",1.5\n1970-01-01T00:00:20Z,\"x,y\",2\n", output.ToString());
    }

    [Fact]
    public void A_mistake_has_a_caret_under_its_place_however_wide_the_text_before_it_is()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(1, QueryMistake.Show("a=1\nname=漢字 duration>fast", new QueryRefusedException("", "duration is 'fast'", 2, 18), Plain, output));
        Assert.Equal("clew: duration is 'fast'\n  name=漢字 duration>fast\n                     ^\n", output.ToString());
    }

    [Fact]
    public void Of_a_long_query_the_part_around_the_mistake_is_shown()
    {
        using var output = new StringWriter { NewLine = "\n" };
        QueryMistake.Show(new string('a', 500) + "!" + new string('b', 500), new QueryRefusedException("", "no", 1, 501), Plain, output);
        var lines = output.ToString().Split('\n');
        Assert.InRange(lines[1].Length, 20, 60);
        Assert.Equal(lines[1].IndexOf('!', StringComparison.Ordinal), lines[2].IndexOf('^', StringComparison.Ordinal));
    }

    static MetricsAnswer Answer(string query, params (string Label, double[] Samples)[] series)
    {
        var count = series.Select(line => line.Samples.Length).DefaultIfEmpty(0).Max();
        var json = new
        {
            query,
            timesUnixNano = Enumerable.Range(0, count).Select(at => $"{at * 10_000_000_000L}"),
            series = series.Select(line => new
            {
                labels = line.Label.Length == 0 ? [] : new[] { new { name = line.Label.Split('=')[0], value = line.Label.Split('=')[1] } },
                samples = line.Samples.Select(sample => double.IsNaN(sample) ? (double?)null : sample),
            }),
        };
        return MetricsAnswer.Of(JsonSerializer.SerializeToElement(json));
    }
}
