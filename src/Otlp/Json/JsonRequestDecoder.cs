using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Clew.Model;

namespace Clew.Otlp.Json;

/// <summary>One pass over an OTLP/JSON document; one method per message, each entered at the first token of its value and left at the last.</summary>
/// <remarks>
/// <para>The runtime's tokenizer throws for bad syntax, so bad content does too: <see cref="TryReadRequest"/> turns either into an answer. As in the protobuf decoder,
/// rows of scopes and resources are numbered before they are complete, because a document may name them after their spans.</para>
/// <para>Lenient where senders differ: numbers as numbers or text, enums as numbers or names, hexadecimal of either case, null for a default.</para>
/// </remarks>
internal ref partial struct JsonRequestDecoder
{
    const int UnknownKeyBytesMax = 64;

    readonly ReadOnlySpan<byte> _request;
    readonly OtlpLimits _limits;
    readonly SpanBatch _batch;
    readonly JsonPosition _position = new();
    Utf8JsonReader _reader;
    BatchBuilder _builder;
    JsonException? _ownFault;
    long _ownFaultOffset;

    // A JSON array does not say how long it is, but the rows of a container are contiguous and precede those of the containers in it. So a value with containers is
    // gathered first: the elements of the containers that are open lie on a stack, those of closed ones contiguously behind each other.
    const int ScratchesPerNested = 2;
    NestedColumns? _open;
    NestedColumns? _closed;
    Column<int>? _idKeys, _descriptionKeys;
    byte[]? _scratch;
    string? _unknownKey;

    public JsonRequestDecoder(ReadOnlySpan<byte> request, OtlpLimits limits, SpanBatch batch, IMemoryRoom? room)
    {
        _request = request;
        _limits = limits;
        _batch = batch;
        _builder = new BatchBuilder(limits, batch, request.Length, room);
        _reader = new Utf8JsonReader(request, new JsonReaderOptions { MaxDepth = OtlpLimits.JsonDepthBase + limits.NestingMax * OtlpLimits.JsonDepthPerNesting });
    }

    public readonly ReadReport Report => _builder.Report with { UnknownKey = _unknownKey };

    public readonly bool IsOutOfRoom => _builder.IsOutOfRoom;

    /// <summary>Gives back the room that was taken and not used.</summary>
    public void Settle() => _builder.Settle();

    public bool TryReadRequest([NotNullWhen(false)] out OtlpError? error)
    {
        error = null;
        try
        {
            _reader.Read();
            ReadRequest();
            _reader.Read();
            if (_builder.Report is { SpanCount: 0, RejectedSpanCount: 0 })
                _unknownKey = FindUnknownKey();
            return true;
        }
        catch (JsonException fault)
        {
            error = ErrorOf(fault);
            return false;
        }
        finally
        {
            ReturnScratch();
        }
    }

    void ReadRequest()
    {
        BeginObject(RequestKeys.Names);
        while (NextField(out var field))
        {
            if (field != RequestKeys.ResourceSpans)
                continue;
            BeginArray();
            while (NextElement())
            {
                if (_batch.Resources.Count == _limits.ResourceCountMax)
                    throw Fault($"there are more than {_limits.ResourceCountMax} of them, the limit {nameof(OtlpLimits.ResourceCountMax)}");
                ReadResourceSpans();
            }
        }
    }

    // A second pass, which only requests without spans get: what others carry beside their spans is no mistake.
    string? FindUnknownKey()
    {
        _reader = new Utf8JsonReader(_request, _reader.CurrentState.Options);
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Content(out _);
            if (RequestKeys.Names.IndexOf(key, -1) < 0)
                return Encoding.UTF8.GetString(key[..Math.Min(key.Length, UnknownKeyBytesMax)]);
            _reader.Read();
            _reader.Skip();
        }

        return null;
    }

    void ReadResourceSpans()
    {
        Charge(BatchBuilder.ResourceRowBytes);
        var droppedAttributeCount = 0U;
        var schemaUrl = 0;
        BeginObject(ResourceSpansKeys.Names);
        while (NextField(out var field))
        {
            switch (field)
            {
                case ResourceSpansKeys.Resource: ReadResource(ref droppedAttributeCount); break;
                case ResourceSpansKeys.ScopeSpans:
                    BeginArray();
                    while (NextElement())
                    {
                        if (_batch.Scopes.Count == _limits.ScopeCountMax)
                            throw Fault($"the request has more than {_limits.ScopeCountMax} of them, the limit {nameof(OtlpLimits.ScopeCountMax)}");
                        ReadScopeSpans();
                    }

                    break;
                case ResourceSpansKeys.SchemaUrl: schemaUrl = Text(); break;
            }
        }

        _batch.Resources.End(droppedAttributeCount, schemaUrl);
    }

    void ReadScopeSpans()
    {
        Charge(BatchBuilder.ScopeRowBytes);
        int name = 0, version = 0, schemaUrl = 0;
        var droppedAttributeCount = 0U;
        BeginObject(ScopeSpansKeys.Names);
        while (NextField(out var field))
        {
            switch (field)
            {
                case ScopeSpansKeys.Scope: ReadScope(ref name, ref version, ref droppedAttributeCount); break;
                case ScopeSpansKeys.Spans:
                    BeginArray();
                    while (NextElement())
                    {
                        if (_batch.SpanCount >= _limits.SpanCountMax)
                            throw Fault($"the request has more than {_limits.SpanCountMax} of them, the limit {nameof(OtlpLimits.SpanCountMax)}");
                        ReadSpan();
                    }

                    break;
                case ScopeSpansKeys.SchemaUrl: schemaUrl = Text(); break;
            }
        }

        _batch.Scopes.End(_batch.Resources.Count, name, version, droppedAttributeCount, schemaUrl);
    }

    void ReadScope(ref int name, ref int version, ref uint droppedAttributeCount)
    {
        BeginObject(ScopeKeys.Names);
        while (NextField(out var field))
        {
            switch (field)
            {
                case ScopeKeys.Name: name = Text(); break;
                case ScopeKeys.Version: version = Text(); break;
                case ScopeKeys.Attributes: ReadAttributes(_batch.Scopes.Attributes); break;
                case ScopeKeys.DroppedAttributesCount: droppedAttributeCount = UInt32(); break;
            }
        }
    }

    void ReadResource(ref uint droppedAttributeCount)
    {
        BeginObject(ResourceKeys.Names);
        while (NextField(out var field))
        {
            switch (field)
            {
                case ResourceKeys.Attributes: ReadAttributes(_batch.Resources.Attributes); break;
                case ResourceKeys.DroppedAttributesCount: droppedAttributeCount = UInt32(); break;
                case ResourceKeys.EntityRefs:
                    BeginArray();
                    while (NextElement())
                        ReadEntityRef();
                    break;
            }
        }
    }

    void ReadEntityRef()
    {
        Charge(BatchBuilder.EntityRowBytes);
        int schemaUrl = 0, type = 0;
        var (idKeys, descriptionKeys) = (_idKeys ??= new(), _descriptionKeys ??= new());
        idKeys.Clear();
        descriptionKeys.Clear();
        BeginObject(EntityRefKeys.Names);
        while (NextField(out var field))
        {
            switch (field)
            {
                case EntityRefKeys.SchemaUrl: schemaUrl = Text(); break;
                case EntityRefKeys.Type: type = Text(); break;
                case EntityRefKeys.IdKeys: ReadKeys(idKeys); break;
                case EntityRefKeys.DescriptionKeys: ReadKeys(descriptionKeys); break;
            }
        }

        _batch.Resources.Entities.Add(schemaUrl, type, idKeys.Values, descriptionKeys.Values);
    }

    void ReadKeys(Column<int> target)
    {
        BeginArray();
        while (NextElement())
        {
            Charge(BatchBuilder.KeyRowBytes);
            target.Add(Text());
        }
    }
}
