using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Clew.Model;

namespace Clew.Otlp.Json;

/// <summary>One pass over an OTLP/JSON document; one method per message, each entered at the first token of its value and left at the last.</summary>
/// <remarks>
/// Bad syntax and bad content both throw: <see cref="TryReadRequest"/> turns either into an answer. As in the protobuf decoder, rows of scopes and resources are
/// numbered before they are complete, because a document may name them after their spans.
/// </remarks>
internal ref partial struct JsonRequestDecoder
{
    const int UnknownKeyBytesMax = 64;

    readonly OtlpLimits _limits;
    readonly SpanBatch _batch;
    JsonTokens _json;
    BatchBuilder _builder;

    // A JSON array does not say how long it is, but the rows of a container are contiguous and precede those of the containers in it. So a value with containers is
    // gathered first: the elements of the containers that are open lie on a stack, those of closed ones contiguously behind each other.
    const int ScratchesPerNested = 2;
    NestedColumns? _open;
    NestedColumns? _closed;
    Column<int>? _idKeys, _descriptionKeys;
    string? _unknownKey;

    public JsonRequestDecoder(ReadOnlySpan<byte> request, OtlpLimits limits, SpanBatch batch, IMemoryRoom? room)
    {
        _limits = limits;
        _batch = batch;
        _builder = new BatchBuilder(limits, batch, request.Length, room);
        _json = new JsonTokens(request, new JsonReaderOptions { MaxDepth = OtlpLimits.JsonDepthBase + limits.NestingMax * OtlpLimits.JsonDepthPerNesting });
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
            _json.Read();
            ReadRequest();
            _json.Read();
            if (_builder.Report is { SpanCount: 0, RejectedSpanCount: 0 })
                _unknownKey = FindUnknownKey();
            return true;
        }
        catch (JsonException fault)
        {
            error = _json.ErrorOf(fault);
            return false;
        }
        finally
        {
            _json.ReturnScratch();
        }
    }

    void ReadRequest()
    {
        _json.BeginObject(RequestKeys.Names);
        while (_json.NextField(out var field))
        {
            if (field != RequestKeys.ResourceSpans)
                continue;
            _json.BeginArray();
            while (_json.NextElement())
            {
                if (_batch.Resources.Count == _limits.ResourceCountMax)
                    throw _json.Fault($"there are more than {_limits.ResourceCountMax} of them, the limit {nameof(OtlpLimits.ResourceCountMax)}");
                ReadResourceSpans();
            }
        }
    }

    // A second pass, which only requests without spans get: what others carry beside their spans is no mistake.
    string? FindUnknownKey()
    {
        _json.Restart();
        _json.Read();
        while (_json.Read() && _json.Type == JsonTokenType.PropertyName)
        {
            var key = _json.Content(out _);
            if (RequestKeys.Names.IndexOf(key, -1) < 0)
                return Encoding.UTF8.GetString(key[..Math.Min(key.Length, UnknownKeyBytesMax)]);
            _json.Read();
            _json.Skip();
        }

        return null;
    }

    void ReadResourceSpans()
    {
        Charge(BatchBuilder.ResourceRowBytes);
        var droppedAttributeCount = 0U;
        var schemaUrl = 0;
        _json.BeginObject(ResourceSpansKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case ResourceSpansKeys.Resource: ReadResource(ref droppedAttributeCount); break;
                case ResourceSpansKeys.ScopeSpans:
                    _json.BeginArray();
                    while (_json.NextElement())
                    {
                        if (_batch.Scopes.Count == _limits.ScopeCountMax)
                            throw _json.Fault($"the request has more than {_limits.ScopeCountMax} of them, the limit {nameof(OtlpLimits.ScopeCountMax)}");
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
        _json.BeginObject(ScopeSpansKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case ScopeSpansKeys.Scope: ReadScope(ref name, ref version, ref droppedAttributeCount); break;
                case ScopeSpansKeys.Spans:
                    _json.BeginArray();
                    while (_json.NextElement())
                    {
                        if (_batch.SpanCount >= _limits.SpanCountMax)
                            throw _json.Fault($"the request has more than {_limits.SpanCountMax} of them, the limit {nameof(OtlpLimits.SpanCountMax)}");
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
        _json.BeginObject(ScopeKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case ScopeKeys.Name: name = Text(); break;
                case ScopeKeys.Version: version = Text(); break;
                case ScopeKeys.Attributes: ReadAttributes(_batch.Scopes.Attributes); break;
                case ScopeKeys.DroppedAttributesCount: droppedAttributeCount = _json.UInt32(); break;
            }
        }
    }

    void ReadResource(ref uint droppedAttributeCount)
    {
        _json.BeginObject(ResourceKeys.Names);
        while (_json.NextField(out var field))
        {
            switch (field)
            {
                case ResourceKeys.Attributes: ReadAttributes(_batch.Resources.Attributes); break;
                case ResourceKeys.DroppedAttributesCount: droppedAttributeCount = _json.UInt32(); break;
                case ResourceKeys.EntityRefs:
                    _json.BeginArray();
                    while (_json.NextElement())
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
        _json.BeginObject(EntityRefKeys.Names);
        while (_json.NextField(out var field))
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
        _json.BeginArray();
        while (_json.NextElement())
        {
            Charge(BatchBuilder.KeyRowBytes);
            target.Add(Text());
        }
    }

    void Charge(int rowBytes)
    {
        if (!_builder.TryCharge(rowBytes))
            throw _json.Fault(_builder.RowBytesProblem);
    }

    /// <summary>The code of a string.</summary>
    int Text()
    {
        var content = _json.Text(out var repaired);
        if (repaired && Utf8.IsValid(content))
            _builder.CountRepair();
        return _builder.Text(content);
    }

    int Base64()
    {
        _json.Expect(JsonTokenType.String, "base64 text");
        var text = _json.Content(out _);
        var rented = ArrayPool<byte>.Shared.Rent(text.Length + 3);
        var count = JsonText.DecodeBase64(text, rented);
        var code = count < 0 ? -1 : _builder.Bytes(rented.AsSpan(0, count));
        ArrayPool<byte>.Shared.Return(rented);
        return code >= 0 ? code : throw _json.Fault("text that is not base64");
    }
}
