using System.Text.Json;
using Clew.Model;
using Clew.Otlp.Json;

namespace Clew.Otlp;

/// <summary>Encodes a batch as an <c>ExportTraceServiceRequest</c> in OTLP/JSON.</summary>
/// <remarks>
/// Identities are hexadecimal, enums and 32-bit numbers are numbers, 64-bit numbers are decimal text. Defaults are left out, except for what every reader
/// looks for: identity, name, kind and times of a span, time and name of an event.
/// </remarks>
public static class ExportRequestJsonWriter
{
    /// <summary>Writes <c>{"resourceSpans":[…]}</c> as one value.</summary>
    public static void Write(SpanBatch batch, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(writer);
        new JsonRequestEncoder(batch, writer).WriteRequest();
    }

    /// <summary>Writes the elements of <c>resourceSpans</c> and nothing around them: a request, or an answer, can be put together from several batches.</summary>
    public static void WriteResourceSpans(SpanBatch batch, Utf8JsonWriter writer, JsonDialect dialect = JsonDialect.Otlp)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(writer);
        new JsonRequestEncoder(batch, writer, dialect).WriteResourceSpans();
    }
}
