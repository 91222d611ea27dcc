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

    [Fact]
    public void No_trace_is_no_table()
    {
        using var output = new StringWriter();
        using var answer = JsonDocument.Parse("""{"traces":[]}""");
        Assert.Equal(0, SearchTable.Write(answer.RootElement, new Screen(120, new Palette(isColoured: false)), output));
        Assert.Empty(output.ToString());
    }
}
