using System.Text.Json.Nodes;
using Clew.Cli.Terminal;

namespace Clew.Cli.Tests.Terminal;

public sealed class TraceTreeTests
{
    [Fact]
    public void A_trace_is_a_tree_with_durations_bars_services_and_errors_in_words()
    {
        var trace = new OtlpTrace()
            .Service("gateway").Span(1, 0, "GET /", 0, 100).Span(2, 1, "authorize", 0, 10)
            .Service("store").Span(3, 1, "read", 20, 95, error: "disk is gone\nreally").Span(4, 3, "seek", 20, 45);
        Assert.Equal(
            """
            gateway: GET /
            trace 4bf92f3577b34da6a3ce929d0e0e4736  started 2026-11-21 00:52:06.000 UTC
            100 ms, 4 spans of 2 services, 1 error

            GET /  gateway                                       100 ms  ████████████████████
            ├─ authorize                                        10.0 ms  ██
            └─ ✗ read  store                                    75.0 ms      ███████████████
               │  ✗ error: disk is gone
               └─ seek                                          25.0 ms      █████

            """, Render(trace));
    }

    [Fact]
    public void A_broken_trace_is_shown_as_broken()
    {
        var trace = new OtlpTrace().Service("svc")
            .Span(1, 0, "root", 50, 100)
            .Span(2, 99, "orphan", 60, 70)
            .Span(3, 4, "snake", 70, 80).Span(4, 3, "tail", 71, 80)
            .Span(1, 0, "root again", 90, 100)
            .Span(5, 1, "early", 40, 60)
            .Span(6, 1, "backwards", 80, 75);
        Assert.Equal(
            """
            svc: root
            trace 4bf92f3577b34da6a3ce929d0e0e4736  started 2026-11-21 00:52:06.040 UTC
            60.0 ms, 7 spans of 1 service, 1 orphan

            root  svc                                           50.0 ms     █████████████████
            ├─ early                                            20.0 ms  ███████
            │     ! starts 10.0 ms before its parent: their clocks disagree
            └─ backwards                                           0 ns               █
                  ! ends 5.00 ms before it starts
            orphan  svc                                         10.0 ms        ████
               ! orphan: its parent 0000000000000063 is not among the stored spans
            snake  svc                                          10.0 ms            ███
            │  ! detached: its parent 0000000000000004 claims to descend from it
            └─ tail                                             9.00 ms            ███
            root again  svc                                     10.0 ms                  ████
               ! duplicate: span id 0000000000000001 is taken by an earlier span

            """, Render(trace));
    }

    [Fact]
    public void Events_attributes_and_links_are_shown_on_demand()
    {
        var trace = new OtlpTrace().Service("svc").Span(
            1, 0, "work", 0, 10, error: "",
            attributes: [OtlpTrace.Text("node.id", "compute-node-7")],
            events: [OtlpTrace.Event(2, "cache.miss"), OtlpTrace.Event(5, "exception", OtlpTrace.Text("exception.message", "boom"), OtlpTrace.Text("exception.stacktrace", "at A\n  at B"))],
            links: [new JsonObject { ["traceId"] = "00000000000000000000000000000001", ["spanId"] = "0000000000000002" }]);
        var plain = Render(trace);
        Assert.Contains("✗ error: boom", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("cache.miss", plain, StringComparison.Ordinal);
        Assert.EndsWith(
            """
               ✗ error: boom
               span 0000000000000001  server  at +0 ns
               node.id = compute-node-7
               → links to span 0000000000000002 of trace 00000000000000000000000000000001
               • +2.00 ms  cache.miss
               • +5.00 ms  exception  exception.message = boom
                   at A
                   at B

            """, Render(trace, detail: new TraceTreeDetail(HasEvents: true, HasAttributes: true), width: 100), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_of_any_span_is_wider_than_the_screen(int width)
    {
        var trace = new OtlpTrace().Service("a service with quite a long name of its own, 服务名称也很长");
        for (var id = 1UL; id <= 60; id++)
            trace.Span(id, id - 1, $"操作 {id} with a name that goes on and on and never seems to end", id, 100, error: id % 7 == 0 ? new string('x', 300) : null);
        foreach (var line in Render(trace, width: width).Split('\n').Skip(4))
            Assert.True(TerminalText.Width(line) <= width, line);
    }

    [Fact]
    public void A_deep_trace_tells_depths_instead_of_running_out_of_the_screen()
    {
        var trace = new OtlpTrace().Service("svc");
        for (var id = 1UL; id <= 3_000; id++)
            trace.Span(id, id - 1, $"level {id}", 0, 100);
        Assert.Contains("⋯2999 level 3000", Render(trace), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_lines_have_no_end_nothing_is_cut()
    {
        var (name, service, text) = (new string('n', 200), new string('s', 200), new string('t', 200));
        using var output = new StringWriter { NewLine = "\n" };
        var trace = new OtlpTrace().Service(service).Span(1, 0, name, 0, 10, error: text).Assemble();
        TraceTree.Write(trace, new Screen(80, new Palette(isColoured: false), IsEndless: true), new TraceTreeDetail(), output);
        Assert.Contains($"✗ {name}  {service}", output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"✗ error: {text}\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_of_a_stranger_cannot_control_the_terminal()
    {
        var trace = new OtlpTrace().Service("svc\e[2J").Span(
            1, 0, "\e]0;owned\a name", 0, 10, error: "\e[31mred\u202Etxt", attributes: [OtlpTrace.Text("key\e", "value\r\n\e[1A")]);
        var text = Render(trace, detail: new TraceTreeDetail(HasEvents: true, HasAttributes: true));
        Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter is not '\n');
        Assert.DoesNotContain('\u202E', text);
    }

    [Fact]
    public void Colours_add_nothing_but_colours()
    {
        var trace = new OtlpTrace().Service("gateway").Span(1, 0, "GET /", 0, 100, error: "no").Span(2, 9, "lost", 0, 10);
        var coloured = Render(trace, palette: new Palette(isColoured: true));
        Assert.Contains("\e[31m✗ error: no\e[0m", coloured, StringComparison.Ordinal);
        Assert.Equal(Render(trace), System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9;]*m", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    static string Render(OtlpTrace trace, TraceTreeDetail? detail = null, int width = 81, Palette? palette = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        TraceTree.Write(trace.Assemble(), new Screen(width, palette ?? new Palette(isColoured: false)), detail ?? new TraceTreeDetail(), output);
        return output.ToString();
    }
}
