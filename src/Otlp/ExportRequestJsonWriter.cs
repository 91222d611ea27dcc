using System.Text.Json;
using Clew.Model;

namespace Clew.Otlp;

/// <summary>Encodes a batch as an <c>ExportTraceServiceRequest</c> in OTLP/JSON.</summary>
public static class ExportRequestJsonWriter
{
    public static void Write(SpanBatch batch, Utf8JsonWriter writer) => throw new NotSupportedException();
}
