using System.Buffers;
using Clew.Model;

namespace Clew.Otlp.Protobuf;

/// <summary>One pass over a request. Each method reads one message and answers whether it was sound; the first problem is kept while the path is built on the way
/// out, so that sound requests pay nothing for good error texts.</summary>
/// <remarks>
/// A scope or resource may follow its spans on the wire. Rows are therefore numbered before they are complete: the spans of a <c>ScopeSpans</c> name the
/// row that the scope will get when the message ends, and nothing else adds scopes meanwhile.
/// </remarks>
internal ref partial struct RequestDecoder(OtlpLimits limits, SpanBatch batch, int requestBytes, IMemoryRoom? room)
{
    readonly SpanBatch _batch = batch;
    readonly int _nestingMax = limits.NestingMax;
    BatchBuilder _builder = new(limits, batch, requestBytes, room);
    DecodeFailure? _failure;
    int _resourceIndex;
    int _scopeIndex;
    int _spanIndex;

    public readonly ReadReport Report => _builder.Report;

    public readonly bool IsOutOfRoom => _builder.IsOutOfRoom;

    public readonly OtlpError Error =>
        _failure?.ToError() ?? throw new InvalidOperationException("Decoding failed without a problem.");

    /// <summary>Gives back the room that was taken and not used.</summary>
    public void Settle() => _builder.Settle();

    public bool ReadRequest(ProtoReader request)
    {
        for (_resourceIndex = 0; request.Next();)
        {
            switch (request.Tag)
            {
                case RequestField.ResourceSpans when _resourceIndex == limits.ResourceCountMax:
                    return Fail(in request, RequestField.Names, $"there are more than {limits.ResourceCountMax} of them, the limit {nameof(OtlpLimits.ResourceCountMax)}");
                case RequestField.ResourceSpans:
                    if (!ReadResourceSpans(request.Message()))
                        return Within(in request, RequestField.Names);
                    _resourceIndex++;
                    break;
                default: request.Skip(_nestingMax); break;
            }
        }

        return request.IsSound || Within(in request, RequestField.Names);
    }

    bool ReadResourceSpans(ProtoReader envelope)
    {
        var droppedAttributeCount = 0U;
        var schemaUrl = 0;
        for (_scopeIndex = 0; envelope.Next();)
        {
            switch (envelope.Tag)
            {
                case ResourceSpansField.Resource:
                    if (!ReadResource(envelope.Message(), ref droppedAttributeCount))
                        return Within(in envelope, ResourceSpansField.Names);
                    break;
                case ResourceSpansField.ScopeSpans when _batch.Scopes.Count == limits.ScopeCountMax:
                    return Fail(in envelope, ResourceSpansField.Names, $"the request has more than {limits.ScopeCountMax} of them, the limit {nameof(OtlpLimits.ScopeCountMax)}");
                case ResourceSpansField.ScopeSpans:
                    if (!ReadScopeSpans(envelope.Message()))
                        return Within(in envelope, ResourceSpansField.Names);
                    _scopeIndex++;
                    break;
                case ResourceSpansField.SchemaUrl: schemaUrl = _builder.Text(envelope.Bytes()); break;
                default: envelope.Skip(_nestingMax); break;
            }
        }

        if (!envelope.IsSound)
            return Within(in envelope, ResourceSpansField.Names);
        if (!_builder.TryCharge(BatchBuilder.ResourceRowBytes))
            return FailAt(envelope.Start, _builder.RowBytesProblem);
        _batch.Resources.End(droppedAttributeCount, schemaUrl);
        return true;
    }

    bool ReadScopeSpans(ProtoReader envelope)
    {
        int name = 0, version = 0, schemaUrl = 0;
        var droppedAttributeCount = 0U;
        ReserveSpans(envelope);
        for (_spanIndex = 0; envelope.Next();)
        {
            switch (envelope.Tag)
            {
                case ScopeSpansField.Spans:
                    if (_batch.SpanCount >= limits.SpanCountMax)
                        return Fail(in envelope, ScopeSpansField.Names, $"the request has more than {limits.SpanCountMax} of them, the limit {nameof(OtlpLimits.SpanCountMax)}");
                    if (!ReadSpan(envelope.Message()))
                        return Within(in envelope, ScopeSpansField.Names);
                    _spanIndex++;
                    break;
                case ScopeSpansField.Scope:
                    if (!ReadScope(envelope.Message(), ref name, ref version, ref droppedAttributeCount))
                        return Within(in envelope, ScopeSpansField.Names);
                    break;
                case ScopeSpansField.SchemaUrl: schemaUrl = _builder.Text(envelope.Bytes()); break;
                default: envelope.Skip(_nestingMax); break;
            }
        }

        if (!envelope.IsSound)
            return Within(in envelope, ScopeSpansField.Names);
        if (!_builder.TryCharge(BatchBuilder.ScopeRowBytes))
            return FailAt(envelope.Start, _builder.RowBytesProblem);
        _batch.Scopes.End(_batch.Resources.Count, name, version, droppedAttributeCount, schemaUrl);
        return true;
    }

    // A look at the tags alone costs little, and saves growing (and then half filling) some twenty columns.
    void ReserveSpans(ProtoReader envelope)
    {
        var count = envelope.CountBefore(int.MaxValue, ScopeSpansField.Spans >> 3, _nestingMax);
        if (_builder.TryPrepare((long)count * BatchBuilder.SpanRowBytes))
            _batch.Reserve(count);
    }

    bool ReadScope(ProtoReader scope, ref int name, ref int version, ref uint droppedAttributeCount)
    {
        while (scope.Next())
        {
            switch (scope.Tag)
            {
                case ScopeField.Name: name = _builder.Text(scope.Bytes()); break;
                case ScopeField.Version: version = _builder.Text(scope.Bytes()); break;
                case ScopeField.Attributes:
                    if (!ReadAttribute(scope.Message(), _batch.Scopes.Attributes))
                        return Within(in scope, ScopeField.Names);
                    break;
                case ScopeField.DroppedAttributesCount: droppedAttributeCount = (uint)scope.Varint(); break;
                default: scope.Skip(_nestingMax); break;
            }
        }

        return scope.IsSound || Within(in scope, ScopeField.Names);
    }

    bool ReadResource(ProtoReader resource, ref uint droppedAttributeCount)
    {
        while (resource.Next())
        {
            switch (resource.Tag)
            {
                case ResourceField.Attributes:
                    if (!ReadAttribute(resource.Message(), _batch.Resources.Attributes))
                        return Within(in resource, ResourceField.Names);
                    break;
                case ResourceField.DroppedAttributesCount: droppedAttributeCount = (uint)resource.Varint(); break;
                case ResourceField.EntityRefs:
                    if (!ReadEntityRef(resource.Message()))
                        return Within(in resource, ResourceField.Names);
                    break;
                default: resource.Skip(_nestingMax); break;
            }
        }

        return resource.IsSound || Within(in resource, ResourceField.Names);
    }

    bool ReadEntityRef(ProtoReader entity)
    {
        int schemaUrl = 0, type = 0, idKeyCount = 0, descriptionKeyCount = 0;
        var counting = entity;
        while (counting.Next())
        {
            switch (counting.Tag)
            {
                case EntityRefField.SchemaUrl: schemaUrl = _builder.Text(counting.Bytes()); break;
                case EntityRefField.Type: type = _builder.Text(counting.Bytes()); break;
                case EntityRefField.IdKeys: idKeyCount++; counting.Bytes(); break;
                case EntityRefField.DescriptionKeys: descriptionKeyCount++; counting.Bytes(); break;
                default: counting.Skip(_nestingMax); break;
            }
        }

        if (!counting.IsSound)
            return Within(in counting, EntityRefField.Names);
        var keyCount = idKeyCount + descriptionKeyCount;
        if (!_builder.TryCharge(BatchBuilder.EntityRowBytes) || !_builder.TryCharge(keyCount * BatchBuilder.KeyRowBytes))
            return FailAt(entity.Start, _builder.RowBytesProblem);

        // The two kinds of keys may alternate on the wire, and lie apart in the batch.
        var keys = ArrayPool<int>.Shared.Rent(keyCount);
        int idKey = 0, descriptionKey = idKeyCount;
        while (entity.Next())
        {
            switch (entity.Tag)
            {
                case EntityRefField.IdKeys: keys[idKey++] = _builder.Text(entity.Bytes()); break;
                case EntityRefField.DescriptionKeys: keys[descriptionKey++] = _builder.Text(entity.Bytes()); break;
                default: entity.Skip(_nestingMax); break;
            }
        }

        _batch.Resources.Entities.Add(schemaUrl, type, keys.AsSpan(0, idKeyCount), keys.AsSpan(idKeyCount, descriptionKeyCount));
        ArrayPool<int>.Shared.Return(keys);
        return true;
    }

    /// <summary>On the way out of a failed message: notes which of its fields it was.</summary>
    bool Within(in ProtoReader reader, string[] names) => DecodeFailure.Within(ref _failure, in reader, names, _nestingMax);

    /// <summary>Fails at the current field of a message that is sound so far.</summary>
    bool Fail(in ProtoReader reader, string[] names, string problem)
    {
        _failure = new DecodeFailure(reader.FieldStart, problem);
        return Within(in reader, names);
    }

    /// <summary>Fails a whole message, which its parent will name.</summary>
    bool FailAt(int offset, string problem)
    {
        _failure = new DecodeFailure(offset, problem);
        return false;
    }
}
