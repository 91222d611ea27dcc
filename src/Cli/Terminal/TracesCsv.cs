using System.Text.Json;

namespace Clew.Cli.Terminal;

/// <summary>The traces of a query, one a line.</summary>
internal static class TracesCsv
{
    /// <param name="answer">What <c>/api/clew/v1/search?q=</c> gives.</param>
    public static void Write(JsonElement answer, TextWriter output)
    {
        output.WriteLine("trace_id,start_unix_nano,duration_nanos,spans,errors,matched,root_service,root_operation");
        foreach (var trace in answer.GetProperty("traces").EnumerateArray())
        {
            output.WriteLine(CsvText.Line(
            [
                Text("traceId"), Text("startTimeUnixNano"), Text("durationNanos"), $"{trace.GetProperty("spanCount").GetInt32()}", $"{trace.GetProperty("errorCount").GetInt32()}",
                $"{SearchTable.MatchedIn(trace)}", Text("rootServiceName"), Text("rootOperationName"),
            ]));

            string Text(string property) => trace.GetProperty(property).GetString()!;
        }
    }
}
