using System.Text.Json;
using Clew.Cli.Terminal;

namespace Clew.Cli.Tests.Terminal;

public sealed class SearchTableTests
{
    const string Answer = """
        {"traces":[
          {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","rootServiceName":"gateway","rootOperationName":"GET /","startTimeUnixNano":"1795222326123000000",
           "durationNanos":"1240000000","spanCount":38,"errorCount":2,"services":[{"name":"gateway","spanCount":38,"errorCount":2}]},
          {"traceId":"00000000000000000000000000000001","rootServiceName":"","rootOperationName":"","startTimeUnixNano":"0",
           "durationNanos":"0","spanCount":1,"errorCount":0,"services":[{"name":"a\u001b","spanCount":1,"errorCount":0},{"name":"b","spanCount":1,"errorCount":0}]}
        ]}
        """;

    [Fact]
    public void Each_trace_is_a_line()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var answer = JsonDocument.Parse(Answer);
        Assert.Equal(2, SearchTable.Write(answer.RootElement, new Screen(120, new Palette(isColoured: false)), output));
        Assert.Equal(
            """
            TRACE                             STARTED (UTC)               DURATION   SPANS  ERRORS  ROOT
            4bf92f3577b34da6a3ce929d0e0e4736  2026-11-21 00:52:06.123       1.24 s      38       2  gateway: GET /
            00000000000000000000000000000001  1970-01-01 00:00:00.000         0 ns       1       -  (no root) a�, b

            """, output.ToString());
    }

    [Theory]
    [InlineData(false, "gateway: a name that is…")]
    [InlineData(true, "gateway: a name that is much longer than what is left of the line")]
    public void Only_where_the_line_ends_is_a_name_cut(bool isEndless, string expected)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var answer = JsonDocument.Parse(Answer.Replace("GET /", "a name that is much longer than what is left of the line", StringComparison.Ordinal));
        SearchTable.Write(answer.RootElement, new Screen(108, new Palette(isColoured: false), isEndless), output);
        Assert.EndsWith(expected, output.ToString().Split('\n')[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ true }", "")]
    [InlineData("{ true } | rate()", "")]
    [InlineData("{ true } | select(.tier, resource.host.name, status, .none)", "  tier: l1, l2; host.name: a�; status: error\n")]
    [InlineData("{ true } | select(name, duration)", "  name: lookup, evict; duration: 3.00 ms, 20.0 ms\n")]
    [InlineData("{ true } | select(span.name, .duration)", "  name: mine; duration: 5\n")]
    [InlineData("{ true } | select(name, span.name, resource.name)", "  name: lookup, evict; name: mine\n")]
    [InlineData("{ true } | by(.tier) | avg(duration) > 1ms", "  by(.tier): l1 ×7 (avg(duration) 3.00 ms), nil ×1\n")]
    public void Below_a_trace_stands_what_the_query_selects_and_groups_by(string query, string expected)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var answer = JsonDocument.Parse(
            """
            {"traces":[
              {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","rootServiceName":"gateway","rootOperationName":"GET /","startTimeUnixNano":"1795222326123000000",
               "durationNanos":"1240000000","spanCount":38,"errorCount":2,"services":[],"spanSets":[
                 {"matched":7,"attributes":[{"name":"by(.tier)","type":"string","value":"l1"},{"name":"avg(duration)","type":"duration","value":"3ms"}],"spans":[
                   {"name":"lookup","durationNanos":"3000000","attributes":[{"name":"tier","type":"string","value":"l1"},{"name":"host.name","type":"string","value":"a\u001b"}]}]},
                 {"matched":1,"attributes":[{"name":"by(.tier)","type":"nil","value":null}],"spans":[
                   {"name":"evict","durationNanos":"20000000","attributes":[{"name":"tier","type":"string","value":"l2"},{"name":"name","type":"string","value":"mine"},{"name":"duration","type":"int","value":5},{"name":"status","type":"status","value":"error"}]}]}]}
            ]}
            """);
        SearchTable.Write(answer.RootElement, new Screen(120, new Palette(isColoured: false)), output, ShownValues.Of(query));
        Assert.Equal(expected, string.Concat(output.ToString().Split('\n').Skip(2).Where(line => line.Length > 0).Select(line => line + "\n")));
    }

    [Fact]
    public void No_trace_is_no_table()
    {
        using var output = new StringWriter();
        using var answer = JsonDocument.Parse("""{"traces":[]}""");
        Assert.Equal(0, SearchTable.Write(answer.RootElement, new Screen(120, new Palette(isColoured: false)), output));
        Assert.Empty(output.ToString());
    }
}
