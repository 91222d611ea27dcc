using Clew.Model;

namespace Clew.Otlp.Json;

internal ref partial struct JsonRequestDecoder
{
    void ReadAttributes(AttributeColumns target)
    {
        _json.BeginArray();
        while (_json.NextElement())
        {
            Charge(BatchBuilder.AttributeRowBytes);
            ReadKeyValue(0, out var key, out var value);
            target.Add(key, Settled(value));
        }
    }

    void ReadKeyValue(int nesting, out int key, out AnyValue value)
    {
        key = 0;
        value = default;
        _json.BeginObject(KeyValueKeys.Names);
        while (_json.NextField(out var field))
        {
            if (field == KeyValueKeys.Key)
                key = Text();
            else
                value = ReadValue(nesting);
        }
    }

    AnyValue ReadValue(int nesting)
    {
        AnyValue value = default;
        _json.BeginObject(AnyValueKeys.Names);
        while (_json.NextField(out var field))
        {
            value = field switch
            {
                AnyValueKeys.StringValue => AnyValue.OfString(Text()),
                AnyValueKeys.BoolValue => AnyValue.OfBool(_json.Bool()),
                AnyValueKeys.IntValue => AnyValue.OfInt(_json.Int64()),
                AnyValueKeys.DoubleValue => AnyValue.OfDouble(_json.Double()),
                AnyValueKeys.BytesValue => AnyValue.OfBytes(Base64()),
                AnyValueKeys.ArrayValue => ReadContainer(ValueKind.Array, nesting),
                _ => ReadContainer(ValueKind.Map, nesting),
            };
        }

        return value;
    }

    AnyValue ReadContainer(ValueKind kind, int nesting)
    {
        if (nesting == _limits.NestingMax)
            throw _json.Fault($"arrays and maps lie deeper in each other than the {nesting} levels that the limit {nameof(OtlpLimits.NestingMax)} allows");
        _open ??= new NestedColumns();
        _closed ??= new NestedColumns();
        var bottom = _open.Count;
        _json.BeginObject(ContainerKeys.Names);
        while (_json.NextField(out _))
        {
            _json.BeginArray();
            while (_json.NextElement())
            {
                Charge(BatchBuilder.NestedRowBytes);
                if (!_builder.TryChargeScratch(ScratchesPerNested * BatchBuilder.NestedRowBytes))
                    throw _json.Fault(OtlpError.NoRoom.Problem);
                var key = 0;
                AnyValue item;
                if (kind == ValueKind.Array)
                    item = ReadValue(nesting + 1);
                else
                    ReadKeyValue(nesting + 1, out key, out item);
                _open.Set(_open.Append(1), key, item);
            }
        }

        var count = _open.Count - bottom;
        var first = _closed.Append(count);
        for (var at = 0; at < count; at++)
            _closed.Set(first + at, _open.Keys[bottom + at], _open.Values[bottom + at]);
        _open.Truncate(bottom);
        return kind == ValueKind.Array ? AnyValue.OfArray(first, count) : AnyValue.OfMap(first, count);
    }

    /// <summary>The value with its containers in the batch, parents before children.</summary>
    AnyValue Settled(AnyValue value)
    {
        if (value.IsContainer)
            value = Settle(_closed!, value);
        _closed?.Clear();
        return value;
    }

    AnyValue Settle(NestedColumns gathered, AnyValue value)
    {
        var count = value.NestedCount;
        var row = _batch.Nested.Append(count);
        for (var at = 0; at < count; at++)
        {
            var item = gathered.Values[value.NestedStart + at];
            _batch.Nested.Set(row + at, gathered.Keys[value.NestedStart + at], item.IsContainer ? Settle(gathered, item) : item);
        }

        return value.Kind == ValueKind.Array ? AnyValue.OfArray(row, count) : AnyValue.OfMap(row, count);
    }
}
