using System.Runtime.CompilerServices;
using Clew.Model;

namespace Clew.Otlp.Protobuf;

internal ref partial struct RequestDecoder
{
    bool ReadAttribute(ProtoReader attribute, AttributeColumns target)
    {
        if (!_builder.TryCharge(BatchBuilder.AttributeRowBytes))
            return FailAt(attribute.Start, _builder.RowBytesProblem);
        if (!ReadKeyValue(attribute, 0, out var key, out var value))
            return false;
        target.Add(key, value);
        return true;
    }

    [SkipLocalsInit]
    bool ReadKeyValue(ProtoReader attribute, int nesting, out int key, out AnyValue value)
    {
        ReadOnlySpan<byte> keyText = default;
        ValueDraft draft = default;
        key = 0;
        value = default;
        while (attribute.Next())
        {
            switch (attribute.Tag)
            {
                case KeyValueField.Key: keyText = attribute.Bytes(); break;
                case KeyValueField.Value:
                    if (!ScanValue(attribute.Message(), ref draft))
                        return Within(in attribute, KeyValueField.Names);
                    break;
                default: attribute.Skip(_nestingMax); break;
            }
        }

        if (!attribute.IsSound)
            return Within(in attribute, KeyValueField.Names);
        key = _builder.Text(keyText);
        return FinishValue(in draft, attribute, isKeyValue: true, nesting, out value);
    }

    /// <summary>Takes in one occurrence of an <c>AnyValue</c>: the last case on the wire wins, over all occurrences.</summary>
    [SkipLocalsInit]
    bool ScanValue(ProtoReader value, ref ValueDraft draft)
    {
        while (value.Next())
        {
            switch (value.Tag)
            {
                case AnyValueField.StringValue: draft.Set(ValueKind.String, value.Bytes()); break;
                case AnyValueField.BoolValue: draft.Set(ValueKind.Bool, value.Varint() != 0 ? 1 : 0); break;
                case AnyValueField.IntValue: draft.Set(ValueKind.Int, (long)value.Varint()); break;
                case AnyValueField.DoubleValue: draft.Set(ValueKind.Double, (long)value.Fixed64()); break;
                case AnyValueField.ArrayValue: draft.SetContainer(ValueKind.Array, value.FieldStart); value.Bytes(); break;
                case AnyValueField.KvlistValue: draft.SetContainer(ValueKind.Map, value.FieldStart); value.Bytes(); break;
                case AnyValueField.BytesValue: draft.Set(ValueKind.Bytes, value.Bytes()); break;
                default: value.Skip(_nestingMax); break;
            }
        }

        return value.IsSound || Within(in value, AnyValueField.Names);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool FinishValue(in ValueDraft draft, ProtoReader source, bool isKeyValue, int nesting, out AnyValue value)
    {
        switch (draft.Kind)
        {
            case ValueKind.String: value = AnyValue.OfString(_builder.Text(draft.Content)); return true;
            case ValueKind.Bytes: value = AnyValue.OfBytes(_builder.Bytes(draft.Content)); return true;
            case ValueKind.Array or ValueKind.Map:
                return ReadContainer(new ElementReader(source.Restarted(), isKeyValue, draft.Kind, draft.RunStart, _nestingMax), draft.Kind, nesting, out value);
            default: value = new AnyValue(draft.Kind, draft.Bits); return true;
        }
    }

    // Two passes, because the rows of a container are contiguous and precede those of the containers in it: count the elements, then fill their rows.
    [MethodImpl(MethodImplOptions.NoInlining)]
    bool ReadContainer(ElementReader elements, ValueKind kind, int nesting, out AnyValue value)
    {
        value = default;
        var counting = elements;
        var count = 0;
        while (counting.Next(out _))
            count++;
        if (!counting.IsSound)
            return WithinContainer(in counting);
        if (nesting == _nestingMax)
            return FailAt(counting.Start, $"arrays and maps lie deeper in each other than the {_nestingMax} levels that the limit {nameof(OtlpLimits.NestingMax)} allows");
        if (!_builder.TryCharge((long)count * BatchBuilder.NestedRowBytes))
            return FailAt(counting.Start, _builder.RowBytesProblem);
        var row = _batch.Nested.Append(count);
        value = kind == ValueKind.Array ? AnyValue.OfArray(row, count) : AnyValue.OfMap(row, count);
        for (; elements.Next(out var element); row++)
        {
            var key = 0;
            AnyValue item;
            var read = kind == ValueKind.Array ? ReadElement(element, nesting + 1, out item) : ReadKeyValue(element, nesting + 1, out key, out item);
            if (!read)
                return WithinContainer(in elements);
            _batch.Nested.Set(row, key, item);
        }

        return true;
    }

    bool ReadElement(ProtoReader element, int nesting, out AnyValue value)
    {
        ValueDraft draft = default;
        value = default;
        return ScanValue(element, ref draft) && FinishValue(in draft, element, isKeyValue: false, nesting, out value);
    }

    bool WithinContainer(in ElementReader elements)
    {
        Within(in elements.Container, ContainerField.Names);
        Within(in elements.Value, AnyValueField.Names);
        if (elements.IsKeyValue)
            Within(in elements.KeyValue, KeyValueField.Names);
        return false;
    }
}
