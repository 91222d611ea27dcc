using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Jaeger.V3;

/// <summary>A <c>TraceSummary</c> as proto3 JSON: times are decimal text.</summary>
internal static class SummaryJson
{
    public static void Write(Utf8JsonWriter writer, TraceSummary summary)
    {
        writer.WriteStartObject();
        writer.WriteString("traceId", summary.Id.ToString());
        writer.WriteString("rootServiceName", summary.RootService);
        writer.WriteString("rootOperationName", summary.RootName);
        writer.WriteString("minStartTimeUnixNano", summary.Start.ToString());
        writer.WriteString("maxEndTimeUnixNano", summary.Start.Plus(summary.DurationNanos).ToString());
        writer.WriteNumber("spanCount", summary.SpanCount);
        writer.WriteNumber("errorSpanCount", summary.ErrorCount);
        writer.WriteNumber("orphanSpanCount", summary.OrphanCount);
        writer.WriteStartArray("services");
        foreach (var service in summary.Services)
        {
            writer.WriteStartObject();
            writer.WriteString("name", service.Name);
            writer.WriteNumber("spanCount", service.SpanCount);
            writer.WriteNumber("errorSpanCount", service.ErrorCount);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
