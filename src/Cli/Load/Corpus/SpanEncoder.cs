using System.Buffers.Binary;
using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>Encodes spans and resources as OTLP protobuf, as an SDK would, and notes what has to be patched.</summary>
/// <remarks>Source: opentelemetry-proto, trace/v1/trace.proto, common/v1/common.proto, resource/v1/resource.proto.</remarks>
internal sealed class SpanEncoder
{
    // W3C trace flags "sampled", and "the parent's remoteness is known" of SpanFlags.
    const uint Flags = 0x101;
    const ulong ErrorStatus = 2;
    const string SdkVersion = "1.20.1";

    readonly WireWriter _message = new();
    readonly WireWriter _nested = new();
    readonly WireWriter _pair = new();
    readonly WireWriter _value = new();
    readonly WireWriter _element = new();
    readonly List<PatchSlot> _nestedSlots = [];

    /// <summary>The slots of the span encoded last.</summary>
    public List<PatchSlot> Slots { get; } = [];

    /// <returns>A message <c>Span</c>, valid until the next call. Times are of the corpus' own time line.</returns>
    public ReadOnlySpan<byte> Encode(SpanDraft span)
    {
        _message.Clear();
        Slots.Clear();
        WriteIds(_message, Slots, 1, 2, span);
        if (span.Parent is { } parent)
            Slots.Add(WriteSpanId(_message, 4, parent.Id));
        _message.Text(5, span.Name);
        _message.Varint(6, (ulong)span.Kind);
        Slots.Add(new PatchSlot(PatchSlotKind.Time, _message.Fixed64(7, (ulong)span.StartNanos)));
        Slots.Add(new PatchSlot(PatchSlotKind.Time, _message.Fixed64(8, (ulong)span.EndNanos)));
        foreach (var attribute in span.Attributes)
            WriteAttribute(_message, Slots, 9, attribute);
        foreach (var note in span.Events)
            WriteEvent(note);
        if (span.LinkedTo is { } linked)
            WriteLink(linked, span.LinkReason);
        if (span.IsError)
            WriteStatus(span.StatusMessage);
        _message.Fixed32(16, Flags);
        return _message.Written;
    }

    /// <returns>A message <c>Resource</c>, valid until the next call.</returns>
    public ReadOnlySpan<byte> EncodeResource(ServiceInstance service)
    {
        _message.Clear();
        SpanAttribute[] attributes =
        [
            new("service.name", service.Service), new("service.namespace", service.System), new("service.instance.id", service.Instance),
            new("service.version", service.Version), new("host.name", $"{service.Instance}.{service.System}.internal"), new("deployment.environment.name", "load"),
            new("telemetry.sdk.name", "opentelemetry"), new("telemetry.sdk.language", "dotnet"), new("telemetry.sdk.version", SdkVersion),
        ];
        foreach (var attribute in attributes)
            WriteAttribute(_message, Slots, 1, attribute);
        return _message.Written;
    }

    /// <returns>A message <c>InstrumentationScope</c>, valid until the next call.</returns>
    public ReadOnlySpan<byte> EncodeScope(ServiceInstance service)
    {
        _message.Clear();
        _message.Text(1, service.Scope);
        _message.Text(2, service.Version);
        return _message.Written;
    }

    void WriteEvent(SpanEvent note)
    {
        _nested.Clear();
        _nestedSlots.Clear();
        _nestedSlots.Add(new PatchSlot(PatchSlotKind.Time, _nested.Fixed64(1, (ulong)note.Nanos)));
        _nested.Text(2, note.Name);
        foreach (var attribute in note.Attributes)
            WriteAttribute(_nested, _nestedSlots, 3, attribute);
        TakeNestedSlots(_message.Bytes(11, _nested.Written));
    }

    void WriteLink(SpanDraft linked, string reason)
    {
        _nested.Clear();
        _nestedSlots.Clear();
        WriteIds(_nested, _nestedSlots, 1, 2, linked);
        WriteAttribute(_nested, _nestedSlots, 4, new SpanAttribute("link.reason", reason));
        _nested.Fixed32(6, Flags);
        TakeNestedSlots(_message.Bytes(13, _nested.Written));
    }

    void TakeNestedSlots(int offset)
    {
        foreach (var slot in _nestedSlots)
            Slots.Add(slot.At(offset));
    }

    void WriteStatus(string message)
    {
        _nested.Clear();
        if (message.Length > 0)
            _nested.Text(2, message);
        _nested.Varint(3, ErrorStatus);
        _message.Bytes(15, _nested.Written);
    }

    // KeyValue { key = 1, value = 2 }.
    void WriteAttribute(WireWriter target, List<PatchSlot> slots, int field, SpanAttribute attribute)
    {
        _value.Clear();
        var textAt = WriteValue(_value, attribute.Value);
        _pair.Clear();
        _pair.Text(1, attribute.Key);
        var valueAt = _pair.Bytes(2, _value.Written);
        var pairAt = target.Bytes(field, _pair.Written);
        if (attribute.Value is UniqueText unique)
            slots.Add(new PatchSlot(PatchSlotKind.Text, pairAt + valueAt + textAt + unique.Prefix.Length, unique.Number));
    }

    // AnyValue { string = 1, bool = 2, int = 3, double = 4, array = 5 }. The result tells where a text lies.
    int WriteValue(WireWriter target, object value)
    {
        switch (value)
        {
            case bool truth: target.Varint(2, truth ? 1UL : 0); return 0;
            case long number: target.Varint(3, (ulong)number); return 0;
            case double number: return target.Fixed64(4, BitConverter.DoubleToUInt64Bits(number));
            case string[] texts: return target.Bytes(5, Elements(texts));
            default: return target.Text(1, value.ToString()!);
        }
    }

    // ArrayValue { values = 1 } of AnyValue.
    ReadOnlySpan<byte> Elements(string[] texts)
    {
        var array = new WireWriter();
        foreach (var text in texts)
        {
            _element.Clear();
            _element.Text(1, text);
            array.Bytes(1, _element.Written);
        }

        return array.Written;
    }

    static void WriteIds(WireWriter target, List<PatchSlot> slots, int traceField, int spanField, SpanDraft span)
    {
        Span<byte> id = stackalloc byte[TraceId.Bytes];
        span.Trace.Id.Write(id);
        slots.Add(new PatchSlot(PatchSlotKind.TraceId, target.Bytes(traceField, id)));
        slots.Add(WriteSpanId(target, spanField, span.Id));
    }

    static PatchSlot WriteSpanId(WireWriter target, int field, ulong id)
    {
        Span<byte> wire = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(wire, id);
        return new PatchSlot(PatchSlotKind.SpanId, target.Bytes(field, wire));
    }
}
