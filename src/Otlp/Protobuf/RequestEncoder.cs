using Clew.Model;

namespace Clew.Otlp.Protobuf;

/// <summary>Encodes a batch back to front; see <see cref="ProtoWriter"/> for why every method reads from the last field to the first.</summary>
internal ref struct RequestEncoder(SpanBatch batch)
{
    const int BytesHintMin = 4 * 1024, BytesHintPerSpan = 256;

    readonly StringTable _strings = batch.Strings;
    ProtoWriter _writer = new((int)Math.Clamp((long)batch.SpanCount * BytesHintPerSpan, BytesHintMin, Array.MaxLength));

    public readonly ReadOnlySpan<byte> Written => _writer.Written;

    public void Dispose() => _writer.Dispose();

    public void WriteRequest()
    {
        using var scopes = new RowGroups(batch.Scopes.Resources.Values, batch.Resources.Count);
        using var spans = new RowGroups(batch.Spans.Scopes.Values, batch.Scopes.Count);
        for (var resource = batch.Resources.Count - 1; resource >= 0; resource--)
        {
            var count = _writer.Count;
            Text(ResourceSpansField.SchemaUrl, batch.Resources.SchemaUrls[resource]);
            var own = scopes[resource];
            for (var at = own.Length - 1; at >= 0; at--)
                WriteScopeSpans(own[at], spans[own[at]]);
            WriteResource(resource);
            _writer.EndMessage(RequestField.ResourceSpans, count);
        }
    }

    void WriteScopeSpans(int scope, ReadOnlySpan<int> spans)
    {
        var count = _writer.Count;
        Text(ScopeSpansField.SchemaUrl, batch.Scopes.SchemaUrls[scope]);
        for (var at = spans.Length - 1; at >= 0; at--)
            WriteSpan(spans[at]);
        WriteScope(scope);
        _writer.EndMessage(ResourceSpansField.ScopeSpans, count);
    }

    void WriteResource(int resource)
    {
        var resources = batch.Resources;
        var count = _writer.Count;
        var entities = resources.Entities[resource];
        for (var entity = entities.End - 1; entity >= entities.Start; entity--)
            WriteEntityRef(entity);
        _writer.VarintUnlessZero(ResourceField.DroppedAttributesCount, resources.DroppedAttributeCounts[resource]);
        WriteAttributes(ResourceField.Attributes, resources.Attributes, resource);
        _writer.EndMessage(ResourceSpansField.Resource, count);
    }

    void WriteEntityRef(int entity)
    {
        var entities = batch.Resources.Entities;
        var count = _writer.Count;
        RowRange idKeys = entities.IdKeys(entity), descriptionKeys = entities.DescriptionKeys(entity);
        for (var row = descriptionKeys.End - 1; row >= descriptionKeys.Start; row--)
            _writer.Bytes(EntityRefField.DescriptionKeys, _strings[entities.Keys[row]]);
        for (var row = idKeys.End - 1; row >= idKeys.Start; row--)
            _writer.Bytes(EntityRefField.IdKeys, _strings[entities.Keys[row]]);
        Text(EntityRefField.Type, entities.Types[entity]);
        Text(EntityRefField.SchemaUrl, entities.SchemaUrls[entity]);
        _writer.EndMessage(ResourceField.EntityRefs, count);
    }

    void WriteScope(int scope)
    {
        var scopes = batch.Scopes;
        var count = _writer.Count;
        _writer.VarintUnlessZero(ScopeField.DroppedAttributesCount, scopes.DroppedAttributeCounts[scope]);
        WriteAttributes(ScopeField.Attributes, scopes.Attributes, scope);
        Text(ScopeField.Version, scopes.Versions[scope]);
        Text(ScopeField.Name, scopes.Names[scope]);
        _writer.EndMessage(ScopeSpansField.Scope, count);
    }

    void WriteSpan(int row)
    {
        var spans = batch.Spans;
        var count = _writer.Count;
        if (spans.Flags[row] is var flags && flags != 0)
            _writer.Fixed32(SpanField.Flags, flags);
        WriteStatus(spans.Statuses[row], spans.StatusMessages[row]);
        _writer.VarintUnlessZero(SpanField.DroppedLinksCount, spans.DroppedLinkCounts[row]);
        WriteLinks(batch.Links[row]);
        _writer.VarintUnlessZero(SpanField.DroppedEventsCount, spans.DroppedEventCounts[row]);
        WriteEvents(batch.Events[row]);
        _writer.VarintUnlessZero(SpanField.DroppedAttributesCount, spans.DroppedAttributeCounts[row]);
        WriteAttributes(SpanField.Attributes, spans.Attributes, row);
        Time(SpanField.EndTimeUnixNano, spans.Ends[row]);
        Time(SpanField.StartTimeUnixNano, spans.Starts[row]);
        _writer.VarintUnlessZero(SpanField.Kind, (ulong)spans.Kinds[row]);
        Text(SpanField.Name, spans.Names[row]);
        Identity(SpanField.ParentSpanId, spans.ParentSpanIds[row]);
        Text(SpanField.TraceState, spans.TraceStates[row]);
        Identity(SpanField.SpanId, spans.SpanIds[row]);
        Identity(SpanField.TraceId, spans.TraceIds[row]);
        _writer.EndMessage(ScopeSpansField.Spans, count);
    }

    void WriteStatus(StatusCode status, int message)
    {
        if (status == StatusCode.Unset && message == 0)
            return;
        var count = _writer.Count;
        _writer.VarintUnlessZero(StatusField.Code, (ulong)status);
        Text(StatusField.Message, message);
        _writer.EndMessage(SpanField.Status, count);
    }

    void WriteEvents(RowRange rows)
    {
        var events = batch.Events;
        for (var row = rows.End - 1; row >= rows.Start; row--)
        {
            var count = _writer.Count;
            _writer.VarintUnlessZero(EventField.DroppedAttributesCount, events.DroppedAttributeCounts[row]);
            WriteAttributes(EventField.Attributes, events.Attributes, row);
            Text(EventField.Name, events.Names[row]);
            Time(EventField.TimeUnixNano, events.Times[row]);
            _writer.EndMessage(SpanField.Events, count);
        }
    }

    void WriteLinks(RowRange rows)
    {
        var links = batch.Links;
        for (var row = rows.End - 1; row >= rows.Start; row--)
        {
            var count = _writer.Count;
            if (links.Flags[row] is var flags && flags != 0)
                _writer.Fixed32(LinkField.Flags, flags);
            _writer.VarintUnlessZero(LinkField.DroppedAttributesCount, links.DroppedAttributeCounts[row]);
            WriteAttributes(LinkField.Attributes, links.Attributes, row);
            Text(LinkField.TraceState, links.TraceStates[row]);
            Identity(LinkField.SpanId, links.SpanIds[row]);
            Identity(LinkField.TraceId, links.TraceIds[row]);
            _writer.EndMessage(SpanField.Links, count);
        }
    }

    void WriteAttributes(uint tag, AttributeColumns attributes, int owner)
    {
        var rows = attributes[owner];
        for (var row = rows.End - 1; row >= rows.Start; row--)
            WriteKeyValue(tag, attributes.Keys[row], attributes.Values[row]);
    }

    void WriteKeyValue(uint tag, int key, AnyValue value)
    {
        var count = _writer.Count;
        WriteValue(KeyValueField.Value, value);
        Text(KeyValueField.Key, key);
        _writer.EndMessage(tag, count);
    }

    // The case of a oneof is written even when its value is zero or empty: it is the case that counts.
    void WriteValue(uint tag, AnyValue value)
    {
        var count = _writer.Count;
        switch (value.Kind)
        {
            case ValueKind.String: _writer.Bytes(AnyValueField.StringValue, _strings[value.Code]); break;
            case ValueKind.Bool: _writer.Varint(AnyValueField.BoolValue, value.IsTrue ? 1UL : 0); break;
            case ValueKind.Int: _writer.Varint(AnyValueField.IntValue, (ulong)value.Bits); break;
            case ValueKind.Double: _writer.Fixed64(AnyValueField.DoubleValue, (ulong)value.Bits); break;
            case ValueKind.Bytes: _writer.Bytes(AnyValueField.BytesValue, _strings[value.Code]); break;
            case ValueKind.Array:
                for (var row = value.NestedStart + value.NestedCount - 1; row >= value.NestedStart; row--)
                    WriteValue(ContainerField.Values, batch.Nested.Values[row]);
                _writer.EndMessage(AnyValueField.ArrayValue, count);
                break;
            case ValueKind.Map:
                for (var row = value.NestedStart + value.NestedCount - 1; row >= value.NestedStart; row--)
                    WriteKeyValue(ContainerField.Values, batch.Nested.Keys[row], batch.Nested.Values[row]);
                _writer.EndMessage(AnyValueField.KvlistValue, count);
                break;
        }

        _writer.EndMessage(tag, count);
    }

    void Text(uint tag, int code)
    {
        if (code != 0)
            _writer.Bytes(tag, _strings[code]);
    }

    void Time(uint tag, UnixNanos time)
    {
        if (time != default)
            _writer.Fixed64(tag, time.Value);
    }

    void Identity(uint tag, TraceId id)
    {
        if (id.IsAbsent)
            return;
        Span<byte> wire = stackalloc byte[TraceId.Bytes];
        id.Write(wire);
        _writer.Bytes(tag, wire);
    }

    void Identity(uint tag, SpanId id)
    {
        if (id.IsAbsent)
            return;
        Span<byte> wire = stackalloc byte[SpanId.Bytes];
        id.Write(wire);
        _writer.Bytes(tag, wire);
    }
}
