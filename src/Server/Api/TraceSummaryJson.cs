using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Api;

/// <summary>One trace of a search: <c>{"traceId","rootServiceName","rootOperationName","startTimeUnixNano","durationNanos","spanCount","errorCount","services":[…]}</c>.</summary>
internal static class TraceSummaryJson
{
    public static void Write(Utf8JsonWriter writer, TraceSummary summary)
    {
        writer.WriteStartObject();
        writer.WriteString("traceId", summary.Id.ToString());
        writer.WriteString("rootServiceName", summary.RootService);
        writer.WriteString("rootOperationName", summary.RootName);
        writer.WriteString("startTimeUnixNano", summary.Start.ToString());
        writer.WriteString("durationNanos", $"{summary.DurationNanos}");
        writer.WriteNumber("spanCount", summary.SpanCount);
        writer.WriteNumber("errorCount", summary.ErrorCount);
        writer.WriteNumber("orphanCount", summary.OrphanCount);
        writer.WriteStartArray("services");
        foreach (var service in summary.Services)
        {
            writer.WriteStartObject();
            writer.WriteString("name", service.Name);
            writer.WriteNumber("spanCount", service.SpanCount);
            writer.WriteNumber("errorCount", service.ErrorCount);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
