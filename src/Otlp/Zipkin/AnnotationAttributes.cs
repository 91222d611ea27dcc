using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Clew.Model;
using Clew.Otlp.Json;

namespace Clew.Otlp.Zipkin;

/// <summary>Reads the attributes of an event out of the JSON object that its annotation carries.</summary>
/// <param name="json">A valid object, see <see cref="JsonShape"/>.</param>
internal ref struct AnnotationAttributes(ReadOnlySpan<byte> json, SpanBatch batch)
{
    Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = AnnotationText.DepthMax + 1 });

    /// <summary>Adds the object's members to the attributes of the event under construction.</summary>
    /// <returns>False when its rows need more than the request may take.</returns>
    public bool TryRead(ref BatchBuilder builder)
    {
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!builder.TryCharge(BatchBuilder.AttributeRowBytes))
                return false;
            var key = Content(ref builder);
            _reader.Read();
            if (!TryReadValue(ref builder, out var value))
                return false;
            batch.Events.Attributes.Add(key, value);
        }

        return true;
    }

    bool TryReadValue(ref BatchBuilder builder, out AnyValue value)
    {
        value = default;
        switch (_reader.TokenType)
        {
            case JsonTokenType.String: value = AnyValue.OfString(Content(ref builder)); return true;
            case JsonTokenType.True: value = AnyValue.OfBool(true); return true;
            case JsonTokenType.False: value = AnyValue.OfBool(false); return true;
            case JsonTokenType.Number: value = _reader.TryGetInt64(out var number) ? AnyValue.OfInt(number) : AnyValue.OfDouble(_reader.GetDouble()); return true;
            case JsonTokenType.StartArray: return TryReadContainer(ref builder, isMap: false, out value);
            case JsonTokenType.StartObject: return TryReadContainer(ref builder, isMap: true, out value);
            default: return true;
        }
    }

    // The rows of a container are contiguous, so its elements are counted before the first is read; what is counted again is bounded by the depth.
    bool TryReadContainer(ref BatchBuilder builder, bool isMap, out AnyValue value)
    {
        value = default;
        var count = CountElements(isMap);
        if (!builder.TryCharge((long)count * BatchBuilder.NestedRowBytes))
            return false;
        var first = batch.Nested.Append(count);
        for (var row = first; row < first + count; row++)
        {
            _reader.Read();
            var key = isMap ? Content(ref builder) : 0;
            if (isMap)
                _reader.Read();
            if (!TryReadValue(ref builder, out var element))
                return false;
            batch.Nested.Set(row, key, element);
        }

        _reader.Read();
        value = isMap ? AnyValue.OfMap(first, count) : AnyValue.OfArray(first, count);
        return true;
    }

    readonly int CountElements(bool isMap)
    {
        var counting = _reader;
        var count = 0;
        while (counting.Read() && counting.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (isMap)
                counting.Read();
            counting.Skip();
            count++;
        }

        return count;
    }

    readonly int Content(ref BatchBuilder builder) => Text(ref builder, _reader.ValueSpan);

    /// <summary>The code of a JSON string's content.</summary>
    public static int Text(ref BatchBuilder builder, ReadOnlySpan<byte> escaped)
    {
        if (!escaped.Contains((byte)'\\'))
            return builder.Text(escaped);
        var rented = ArrayPool<byte>.Shared.Rent(escaped.Length);
        ReadOnlySpan<byte> content = rented.AsSpan(0, JsonText.Unescape(escaped, rented, out var repaired));
        if (repaired && Utf8.IsValid(content))
            builder.CountRepair();
        var code = builder.Text(content);
        ArrayPool<byte>.Shared.Return(rented);
        return code;
    }
}
