using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Clew.Model;

namespace Clew.Otlp.Json;

internal ref partial struct JsonRequestDecoder
{
    /// <summary>Enters an object; a null in its place is one without fields.</summary>
    void BeginObject(JsonNames names)
    {
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
            throw Fault($"{Found()} where an object is expected");
        _position.Open(names, _reader.TokenType == JsonTokenType.Null);
    }

    /// <summary>Moves to the value of the next key that OTLP has, passing over other keys and nulls.</summary>
    /// <returns>False when the object has ended.</returns>
    bool NextField(out int field)
    {
        while (!_position.Current.IsNull && _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ref var level = ref _position.Current;
            level.At = field = level.Names!.IndexOf(Content(out _), level.LastField);
            if (field >= 0)
                level.LastField = field;
            _reader.Read();
            if (field >= 0 && _reader.TokenType != JsonTokenType.Null)
                return true;
            _reader.Skip();
        }

        _position.Close();
        field = -1;
        return false;
    }

    void BeginArray()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Fault($"{Found()} where an array is expected");
        _position.Open(names: null, isNull: false);
    }

    bool NextElement()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndArray)
        {
            _position.Close();
            return false;
        }

        _position.Current.At++;
        return true;
    }

    void Charge(int rowBytes)
    {
        if (!_builder.TryCharge(rowBytes))
            throw Fault(_builder.RowBytesProblem);
    }

    /// <summary>The code of a string.</summary>
    int Text()
    {
        if (_reader.TokenType == JsonTokenType.Null)
            return 0;
        Expect(JsonTokenType.String, "a string");
        var content = Content(out var repaired);
        if (repaired && Utf8.IsValid(content))
            _builder.CountRepair();
        return _builder.Text(content);
    }

    int Base64()
    {
        Expect(JsonTokenType.String, "base64 text");
        var text = Content(out _);
        var rented = ArrayPool<byte>.Shared.Rent(text.Length + 3);
        var count = JsonText.DecodeBase64(text, rented);
        var code = count < 0 ? -1 : _builder.Bytes(rented.AsSpan(0, count));
        ArrayPool<byte>.Shared.Return(rented);
        return code >= 0 ? code : throw Fault("text that is not base64");
    }

    IdentityText Identity()
    {
        Expect(JsonTokenType.String, "hexadecimal text");
        return IdentityText.Parse(Content(out _), _reader.TokenStartIndex);
    }

    bool Bool() => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Fault($"{Found()} where true or false is expected"),
    };

    /// <summary>An enum as a number; a name that is not among those known counts as -1.</summary>
    long Enum(JsonNames names)
    {
        if (_reader.TokenType == JsonTokenType.String && Content(out _) is var name && name.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return names.IndexOf(name, -1);
        return Int64();
    }

    ulong UInt64()
    {
        var digits = Number("an unsigned 64-bit number, as a number or text");
        if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        return TryWhole(digits, out var whole) && whole is >= 0 and <= ulong.MaxValue ? (ulong)whole : throw OutOfRange(digits, "an unsigned 64-bit number");
    }

    uint UInt32()
    {
        var digits = Number("an unsigned 32-bit number");
        if (uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        return TryWhole(digits, out var whole) && whole is >= 0 and <= uint.MaxValue ? (uint)whole : throw OutOfRange(digits, "an unsigned 32-bit number");
    }

    long Int64()
    {
        var digits = Number("a 64-bit number, as a number or text");
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        return TryWhole(digits, out var whole) && whole is >= long.MinValue and <= long.MaxValue ? (long)whole : throw OutOfRange(digits, "a 64-bit number");
    }

    double Double()
    {
        var digits = Number("a number");
        if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return number;
        return digits switch
        {
            _ when digits.SequenceEqual("NaN"u8) => double.NaN,
            _ when digits.SequenceEqual("Infinity"u8) => double.PositiveInfinity,
            _ when digits.SequenceEqual("-Infinity"u8) => double.NegativeInfinity,
            _ => throw OutOfRange(digits, "a finite number, \"NaN\", \"Infinity\" or \"-Infinity\""),
        };
    }

    // JavaScript writes large numbers as 1.7e18: as long as the value is whole, it is meant.
    static bool TryWhole(ReadOnlySpan<byte> digits, out decimal whole) =>
        decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out whole) && decimal.IsInteger(whole);

    ReadOnlySpan<byte> Number(string expected)
    {
        if (_reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            throw Fault($"{Found()} where {expected} is expected");
        return Content(out _);
    }

    void Expect(JsonTokenType type, string expected)
    {
        if (_reader.TokenType != type)
            throw Fault($"{Found()} where {expected} is expected");
    }

    /// <summary>The token without quotes and escapes; valid until the next one.</summary>
    ReadOnlySpan<byte> Content(out bool repaired)
    {
        repaired = false;
        var content = _reader.ValueSpan;
        if (!_reader.ValueIsEscaped)
            return content;
        if (_scratch is null || _scratch.Length < content.Length)
        {
            ReturnScratch();
            _scratch = ArrayPool<byte>.Shared.Rent(content.Length);
        }

        return _scratch.AsSpan(0, JsonText.Unescape(content, _scratch, out repaired));
    }

    void ReturnScratch()
    {
        if (_scratch is not null)
            ArrayPool<byte>.Shared.Return(_scratch);
        _scratch = null;
    }

    readonly string Found() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    JsonException OutOfRange(ReadOnlySpan<byte> digits, string expected) =>
        Fault($"'{Encoding.UTF8.GetString(digits[..Math.Min(digits.Length, 40)])}' is not {expected}");

    JsonException Fault(string problem)
    {
        _ownFaultOffset = _reader.TokenStartIndex;
        return _ownFault = new JsonException(problem);
    }

    readonly OtlpError ErrorOf(JsonException fault)
    {
        if (ReferenceEquals(fault, _ownFault))
            return new OtlpError(_position.ToString(), _ownFaultOffset, fault.Message);

        // The tokenizer knows line and column: "… LineNumber: 0 | BytePositionInLine: 5."
        var offset = 0L;
        for (var line = 0L; line < fault.LineNumber; line++)
            offset += _request[(int)offset..].IndexOf((byte)'\n') + 1;
        var problem = fault.Message;
        var position = problem.IndexOf(" LineNumber:", StringComparison.Ordinal);
        problem = (position < 0 ? problem : problem[..position]).TrimEnd(' ', '.');
        return new OtlpError(_position.ToString(), offset + (fault.BytePositionInLine ?? 0), problem);
    }
}
