using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Clew.Model;

namespace Clew.Otlp.Protobuf;

internal ref partial struct RequestDecoder
{
    bool ReadAttribute(ProtoReader attribute, AttributeColumns target)
    {
        if (!_builder.TryCharge(BatchBuilder.AttributeRowBytes))
            return FailAt(attribute.Start, _builder.RowBytesProblem);
        if (!TryReadPlain(attribute.Content, out var key, out var value) && !ReadKeyValue(attribute, 0, out key, out value))
            return false;
        target.Add(key, value);
        return true;
    }

    /// <summary>Reads the layout that nearly every attribute has, <c>| key tag | length | key | value tag | length | case tag | scalar |</c> with lengths below
    /// 128, without the general walk; a fifth of a request's time goes there otherwise.</summary>
    /// <returns>False, with nothing done, for any other layout: sound or not, the general walk knows.</returns>
    bool TryReadPlain(ReadOnlySpan<byte> attribute, out int key, out AnyValue value)
    {
        const int LengthMax = 0x7F;
        key = 0;
        value = default;
        if (attribute.Length < 2 || attribute[0] != KeyValueField.Key)
            return false;
        var keyEnd = 2 + attribute[1];
        var valueStart = keyEnd + 2;
        var valueBytes = attribute.Length - valueStart;
        if (attribute[1] > LengthMax || (uint)(valueBytes - 2) > LengthMax - 2 || attribute[keyEnd] != KeyValueField.Value || attribute[keyEnd + 1] != valueBytes)
            return false;
        var wire = attribute[valueStart..];
        switch ((uint)wire[0])
        {
            case AnyValueField.StringValue when wire[1] == valueBytes - 2: value = AnyValue.OfString(_builder.Text(wire[2..])); break;
            case AnyValueField.IntValue when TryReadVarint(wire[1..], out var number): value = AnyValue.OfInt(number); break;
            case AnyValueField.BoolValue when TryReadVarint(wire[1..], out var number): value = AnyValue.OfBool(number != 0); break;
            case AnyValueField.DoubleValue when valueBytes == 1 + sizeof(double):
                value = new AnyValue(ValueKind.Double, BinaryPrimitives.ReadInt64LittleEndian(wire[1..]));
                break;
            default: return false;
        }

        key = _builder.Text(attribute[2..keyEnd]);
        return true;
    }

    /// <summary>A varint that fills <paramref name="wire"/> to its end.</summary>
    static bool TryReadVarint(ReadOnlySpan<byte> wire, out long number)
    {
        var value = 0UL;
        var last = wire.Length - 1;
        for (var at = 0; at < last; at++)
        {
            if (wire[at] < 0x80 || at == 9)
            {
                number = 0;
                return false;
            }

            value |= (ulong)(wire[at] & 0x7F) << (7 * at);
        }

        number = (long)(value | ((ulong)wire[last] << (7 * last)));
        return wire[last] < 0x80 && last < 10;
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
