using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Clew.Otlp.Json;

/// <summary>Pulls the values of a document whose objects have known keys out of it, and knows where in the document it is.</summary>
/// <remarks>
/// <para>The runtime's tokenizer throws for bad syntax, so <see cref="Fault"/> makes an exception of bad content too; <see cref="ErrorOf"/> turns either into an answer.</para>
/// <para>Lenient where senders differ: numbers as numbers or text, enums as numbers or names, hexadecimal of either case, null for a default.</para>
/// </remarks>
internal ref struct JsonTokens(ReadOnlySpan<byte> document, JsonReaderOptions options)
{
    readonly ReadOnlySpan<byte> _document = document;
    readonly JsonPosition _position = new();
    Utf8JsonReader _reader = new(document, options);
    JsonException? _ownFault;
    long _ownFaultOffset;
    byte[]? _scratch;

    public readonly JsonTokenType Type => _reader.TokenType;

    /// <summary>Where the current token starts.</summary>
    public readonly long Start => _reader.TokenStartIndex;

    /// <summary>The path to the current value, such as <c>resourceSpans[0].scopeSpans[0]</c>.</summary>
    public readonly string Path => _position.ToString();

    public bool Read() => _reader.Read();

    public void Skip() => _reader.Skip();

    /// <summary>Begins again at the first byte.</summary>
    public void Restart() => _reader = new Utf8JsonReader(_document, _reader.CurrentState.Options);

    /// <summary>Enters an object; a null in its place is one without fields.</summary>
    public void BeginObject(JsonNames names)
    {
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
            throw Fault($"{Found()} where an object is expected");
        _position.Open(names, _reader.TokenType == JsonTokenType.Null);
    }

    /// <summary>Moves to the value of the next key that is known, passing over other keys and nulls.</summary>
    /// <returns>False when the object has ended.</returns>
    public bool NextField(out int field)
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

    /// <summary>Enters an object whose keys are the sender's own; a null in its place is one without entries.</summary>
    public void BeginMap()
    {
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
            throw Fault($"{Found()} where an object is expected");
        _position.Open(names: null, _reader.TokenType == JsonTokenType.Null);
    }

    /// <summary>Moves to the next key, from where <see cref="Read"/> leads to its value.</summary>
    /// <param name="key">Valid until the next token.</param>
    /// <returns>False when the object has ended.</returns>
    public bool NextEntry(out ReadOnlySpan<byte> key, out bool repaired)
    {
        key = default;
        repaired = false;
        if (!_position.Current.IsNull && _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            key = Content(out repaired);
            return true;
        }

        _position.Close();
        return false;
    }

    public void BeginArray()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw Fault($"{Found()} where an array is expected");
        _position.Open(names: null, isNull: false);
    }

    public bool NextElement()
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

    /// <summary>The content of a string, none for null; valid until the next token.</summary>
    /// <param name="repaired">Half a surrogate pair was escaped alone, and became U+FFFD.</param>
    public ReadOnlySpan<byte> Text(out bool repaired, string expected = "a string")
    {
        repaired = false;
        if (_reader.TokenType == JsonTokenType.Null)
            return default;
        Expect(JsonTokenType.String, expected);
        return Content(out repaired);
    }

    public IdentityText Identity()
    {
        Expect(JsonTokenType.String, "hexadecimal text");
        return IdentityText.Parse(Content(out _), _reader.TokenStartIndex);
    }

    public bool Bool() => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Fault($"{Found()} where true or false is expected"),
    };

    /// <summary>An enum as a number; a name that is not among those known counts as -1.</summary>
    public long Enum(JsonNames names)
    {
        if (_reader.TokenType == JsonTokenType.String && Content(out _) is var name && name.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return names.IndexOf(name, -1);
        return Int64();
    }

    public ulong UInt64()
    {
        var digits = Number("an unsigned 64-bit number, as a number or text");
        if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        return TryWhole(digits, out var whole) && whole is >= 0 and <= ulong.MaxValue ? (ulong)whole : throw OutOfRange(digits, "an unsigned 64-bit number");
    }

    public uint UInt32()
    {
        var digits = Number("an unsigned 32-bit number");
        if (uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        return TryWhole(digits, out var whole) && whole is >= 0 and <= uint.MaxValue ? (uint)whole : throw OutOfRange(digits, "an unsigned 32-bit number");
    }

    public long Int64()
    {
        var digits = Number("a 64-bit number, as a number or text");
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        return TryWhole(digits, out var whole) && whole is >= long.MinValue and <= long.MaxValue ? (long)whole : throw OutOfRange(digits, "a 64-bit number");
    }

    public double Double()
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

    public ReadOnlySpan<byte> Number(string expected)
    {
        if (_reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
            throw Fault($"{Found()} where {expected} is expected");
        return Content(out _);
    }

    public void Expect(JsonTokenType type, string expected)
    {
        if (_reader.TokenType != type)
            throw Fault($"{Found()} where {expected} is expected");
    }

    /// <summary>The token without quotes and escapes; valid until the next one.</summary>
    public ReadOnlySpan<byte> Content(out bool repaired)
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

    public void ReturnScratch()
    {
        if (_scratch is not null)
            ArrayPool<byte>.Shared.Return(_scratch);
        _scratch = null;
    }

    public readonly string Found() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    public JsonException OutOfRange(ReadOnlySpan<byte> digits, string expected) =>
        Fault($"'{Encoding.UTF8.GetString(digits[..Math.Min(digits.Length, 40)])}' is not {expected}");

    public JsonException Fault(string problem)
    {
        _ownFaultOffset = _reader.TokenStartIndex;
        return _ownFault = new JsonException(problem);
    }

    public readonly OtlpError ErrorOf(JsonException fault)
    {
        if (ReferenceEquals(fault, _ownFault))
            return new OtlpError(_position.ToString(), _ownFaultOffset, fault.Message);

        // The tokenizer knows line and column: "… LineNumber: 0 | BytePositionInLine: 5."
        var offset = 0L;
        for (var line = 0L; line < fault.LineNumber; line++)
            offset += _document[(int)offset..].IndexOf((byte)'\n') + 1;
        // What follows either is for whoever wrote the reader, not for whoever wrote the request.
        var problem = fault.Message.Split(" LineNumber:")[0].Split(" which is not supported in this mode")[0].TrimEnd(' ', '.');
        return new OtlpError(_position.ToString(), offset + (fault.BytePositionInLine ?? 0), problem);
    }
}
