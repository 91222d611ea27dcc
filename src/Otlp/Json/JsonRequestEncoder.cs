using System.Globalization;
using System.Text.Json;
using Clew.Model;

namespace Clew.Otlp.Json;

/// <summary>Writes the rows of a batch as OTLP/JSON, one method per message.</summary>
internal readonly ref struct JsonRequestEncoder(SpanBatch batch, Utf8JsonWriter writer, JsonDialect dialect = JsonDialect.Otlp)
{
    static readonly string[] Kinds = ["", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"];
    static readonly string[] StatusCodes = ["", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

    readonly StringTable _strings = batch.Strings;
    readonly bool _isJsonpb = dialect == JsonDialect.Jsonpb;

    public void WriteRequest()
    {
        writer.WriteStartObject();
        writer.WriteStartArray("resourceSpans"u8);
        WriteResourceSpans();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The elements of the array alone.</summary>
    public void WriteResourceSpans()
    {
        using var scopes = new RowGroups(batch.Scopes.Resources.Values, batch.Resources.Count);
        using var spans = new RowGroups(batch.Spans.Scopes.Values, batch.Scopes.Count);
        for (var resource = 0; resource < batch.Resources.Count; resource++)
        {
            writer.WriteStartObject();
            WriteResource(resource);
            writer.WriteStartArray("scopeSpans"u8);
            foreach (var scope in scopes[resource])
                WriteScopeSpans(scope, spans[scope]);
            writer.WriteEndArray();
            Text("schemaUrl"u8, batch.Resources.SchemaUrls[resource]);
            writer.WriteEndObject();
        }
    }

    void WriteScopeSpans(int scope, ReadOnlySpan<int> spans)
    {
        writer.WriteStartObject();
        WriteScope(scope);
        writer.WriteStartArray("spans"u8);
        foreach (var span in spans)
            WriteSpan(span);
        writer.WriteEndArray();
        Text("schemaUrl"u8, batch.Scopes.SchemaUrls[scope]);
        writer.WriteEndObject();
    }

    void WriteResource(int resource)
    {
        var resources = batch.Resources;
        writer.WriteStartObject("resource"u8);
        WriteAttributes(resources.Attributes, resource);
        Count("droppedAttributesCount"u8, resources.DroppedAttributeCounts[resource]);
        WriteEntityRefs(resources.Entities[resource]);
        writer.WriteEndObject();
    }

    void WriteEntityRefs(RowRange rows)
    {
        if (rows.Count == 0)
            return;
        var entities = batch.Resources.Entities;
        writer.WriteStartArray("entityRefs"u8);
        for (var row = rows.Start; row < rows.End; row++)
        {
            writer.WriteStartObject();
            Text("schemaUrl"u8, entities.SchemaUrls[row]);
            Text("type"u8, entities.Types[row]);
            WriteKeys("idKeys"u8, entities.IdKeys(row));
            WriteKeys("descriptionKeys"u8, entities.DescriptionKeys(row));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    void WriteKeys(ReadOnlySpan<byte> name, RowRange rows)
    {
        if (rows.Count == 0)
            return;
        writer.WriteStartArray(name);
        for (var row = rows.Start; row < rows.End; row++)
            writer.WriteStringValue(_strings[batch.Resources.Entities.Keys[row]]);
        writer.WriteEndArray();
    }

    void WriteScope(int scope)
    {
        var scopes = batch.Scopes;
        writer.WriteStartObject("scope"u8);
        Text("name"u8, scopes.Names[scope]);
        Text("version"u8, scopes.Versions[scope]);
        WriteAttributes(scopes.Attributes, scope);
        Count("droppedAttributesCount"u8, scopes.DroppedAttributeCounts[scope]);
        writer.WriteEndObject();
    }

    void WriteSpan(int row)
    {
        var spans = batch.Spans;
        writer.WriteStartObject();
        Identity("traceId"u8, spans.TraceIds[row]);
        Identity("spanId"u8, spans.SpanIds[row]);
        Text("traceState"u8, spans.TraceStates[row]);
        Identity("parentSpanId"u8, spans.ParentSpanIds[row]);
        Name(spans.Names[row]);
        if (_isJsonpb)
            EnumName("kind"u8, Kinds, (int)spans.Kinds[row]);
        else
            writer.WriteNumber("kind"u8, (int)spans.Kinds[row]);
        Time("startTimeUnixNano"u8, spans.Starts[row]);
        Time("endTimeUnixNano"u8, spans.Ends[row]);
        WriteAttributes(spans.Attributes, row);
        Count("droppedAttributesCount"u8, spans.DroppedAttributeCounts[row]);
        WriteEvents(batch.Events[row]);
        Count("droppedEventsCount"u8, spans.DroppedEventCounts[row]);
        WriteLinks(batch.Links[row]);
        Count("droppedLinksCount"u8, spans.DroppedLinkCounts[row]);
        WriteStatus(spans.Statuses[row], spans.StatusMessages[row]);
        Count("flags"u8, spans.Flags[row]);
        writer.WriteEndObject();
    }

    void WriteStatus(StatusCode status, int message)
    {
        if (status == StatusCode.Unset && message == 0)
            return;
        writer.WriteStartObject("status"u8);
        Text("message"u8, message);
        if (_isJsonpb)
            EnumName("code"u8, StatusCodes, (int)status);
        else
            Count("code"u8, (uint)status);
        writer.WriteEndObject();
    }

    void WriteEvents(RowRange rows)
    {
        if (rows.Count == 0)
            return;
        var events = batch.Events;
        writer.WriteStartArray("events"u8);
        for (var row = rows.Start; row < rows.End; row++)
        {
            writer.WriteStartObject();
            Time("timeUnixNano"u8, events.Times[row]);
            Name(events.Names[row]);
            WriteAttributes(events.Attributes, row);
            Count("droppedAttributesCount"u8, events.DroppedAttributeCounts[row]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    void WriteLinks(RowRange rows)
    {
        if (rows.Count == 0)
            return;
        var links = batch.Links;
        writer.WriteStartArray("links"u8);
        for (var row = rows.Start; row < rows.End; row++)
        {
            writer.WriteStartObject();
            Identity("traceId"u8, links.TraceIds[row]);
            Identity("spanId"u8, links.SpanIds[row]);
            Text("traceState"u8, links.TraceStates[row]);
            WriteAttributes(links.Attributes, row);
            Count("droppedAttributesCount"u8, links.DroppedAttributeCounts[row]);
            Count("flags"u8, links.Flags[row]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    void WriteAttributes(AttributeColumns attributes, int owner)
    {
        var rows = attributes[owner];
        if (rows.Count == 0)
            return;
        writer.WriteStartArray("attributes"u8);
        for (var row = rows.Start; row < rows.End; row++)
            WriteKeyValue(attributes.Keys[row], attributes.Values[row]);
        writer.WriteEndArray();
    }

    void WriteKeyValue(int key, AnyValue value)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, _strings[key]);
        writer.WriteStartObject("value"u8);
        WriteCase(value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    void WriteCase(AnyValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.String: writer.WriteString("stringValue"u8, _strings[value.Code]); break;
            case ValueKind.Bool: writer.WriteBoolean("boolValue"u8, value.IsTrue); break;
            case ValueKind.Int: Number("intValue"u8, value.Bits); break;
            case ValueKind.Double when double.IsFinite(value.Number): writer.WriteNumber("doubleValue"u8, value.Number); break;
            case ValueKind.Double: writer.WriteString("doubleValue"u8, ValueText.FormatDouble(value.Number)); break;
            case ValueKind.Bytes: writer.WriteBase64String("bytesValue"u8, _strings[value.Code]); break;
            case ValueKind.Array: WriteArray(value); break;
            case ValueKind.Map: WriteMap(value); break;
        }
    }

    void WriteArray(AnyValue value)
    {
        writer.WriteStartObject("arrayValue"u8);
        if (_isJsonpb && value.NestedCount == 0)
        {
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray("values"u8);
        for (var row = value.NestedStart; row < value.NestedStart + value.NestedCount; row++)
        {
            writer.WriteStartObject();
            WriteCase(batch.Nested.Values[row]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    void WriteMap(AnyValue value)
    {
        writer.WriteStartObject("kvlistValue"u8);
        if (_isJsonpb && value.NestedCount == 0)
        {
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray("values"u8);
        for (var row = value.NestedStart; row < value.NestedStart + value.NestedCount; row++)
            WriteKeyValue(batch.Nested.Keys[row], batch.Nested.Values[row]);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    void Name(int code)
    {
        if (!_isJsonpb || code != 0)
            writer.WriteString("name"u8, _strings[code]);
    }

    // A number that the definition has no name for stays a number.
    void EnumName(ReadOnlySpan<byte> name, string[] names, int value)
    {
        if (value >= names.Length)
            writer.WriteNumber(name, value);
        else if (value > 0)
            writer.WriteString(name, names[value]);
    }

    void Text(ReadOnlySpan<byte> name, int code)
    {
        if (code != 0)
            writer.WriteString(name, _strings[code]);
    }

    void Count(ReadOnlySpan<byte> name, uint count)
    {
        if (count != 0)
            writer.WriteNumber(name, count);
    }

    void Time(ReadOnlySpan<byte> name, UnixNanos time)
    {
        if (_isJsonpb && time.Value == 0)
            return;
        Span<byte> digits = stackalloc byte[20];
        time.Value.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        writer.WriteString(name, digits[..count]);
    }

    void Number(ReadOnlySpan<byte> name, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        writer.WriteString(name, digits[..count]);
    }

    void Identity(ReadOnlySpan<byte> name, TraceId id)
    {
        if (id.IsAbsent)
            return;
        Span<byte> wire = stackalloc byte[TraceId.Bytes], digits = stackalloc byte[2 * TraceId.Bytes];
        id.Write(wire);
        if (_isJsonpb)
        {
            writer.WriteBase64String(name, wire);
            return;
        }

        Convert.TryToHexStringLower(wire, digits, out _);
        writer.WriteString(name, digits);
    }

    void Identity(ReadOnlySpan<byte> name, SpanId id)
    {
        if (id.IsAbsent)
            return;
        Span<byte> wire = stackalloc byte[SpanId.Bytes], digits = stackalloc byte[2 * SpanId.Bytes];
        id.Write(wire);
        if (_isJsonpb)
        {
            writer.WriteBase64String(name, wire);
            return;
        }

        Convert.TryToHexStringLower(wire, digits, out _);
        writer.WriteString(name, digits);
    }
}
