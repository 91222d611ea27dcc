namespace Clew.Otlp.Zipkin;

/// <summary>Tells whether a text is JSON without the exception that the runtime's reader would throw: a stranger can make any number of texts that only begin like it.</summary>
internal ref struct JsonShape(ReadOnlySpan<byte> text, int depthMax)
{
    readonly ReadOnlySpan<byte> _text = text;
    int _at;

    /// <summary>Whether the text is one JSON object with at least one member, and nothing else.</summary>
    public static bool IsObject(ReadOnlySpan<byte> text, int depthMax)
    {
        var shape = new JsonShape(text, depthMax);
        return shape.Takes((byte)'{') && !shape.Sees((byte)'}') && shape.Container((byte)'}', depth: 1) && shape.IsAtEnd();
    }

    /// <summary>The length of the JSON string that the text starts with, both quotes included; 0 when there is none.</summary>
    public static int StringLength(ReadOnlySpan<byte> text)
    {
        var shape = new JsonShape(text, 0);
        return shape.String() ? shape._at : 0;
    }

    // Entered behind the opening bracket, left behind the closing one.
    bool Container(byte end, int depth)
    {
        if (depth > depthMax)
            return false;
        if (Takes(end))
            return true;
        do
        {
            if (end == (byte)'}' && !(Space() && String() && Takes((byte)':')))
                return false;
            if (!Value(depth))
                return false;
        }
        while (Takes((byte)','));
        return Takes(end);
    }

    bool Value(int depth)
    {
        Space();
        if (_at == _text.Length)
            return false;
        switch (_text[_at])
        {
            case (byte)'"': return String();
            case (byte)'{': _at++; return Container((byte)'}', depth + 1);
            case (byte)'[': _at++; return Container((byte)']', depth + 1);
            case (byte)'t': return Literal("true"u8);
            case (byte)'f': return Literal("false"u8);
            case (byte)'n': return Literal("null"u8);
            default: return Number();
        }
    }

    bool String()
    {
        if (_at == _text.Length || _text[_at] != (byte)'"')
            return false;
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == (byte)'"')
            {
                _at++;
                return true;
            }

            if (_text[_at] < 0x20 || (_text[_at] == (byte)'\\' && !Escape()))
                return false;
        }

        return false;
    }

    // Left at the escape's last byte.
    bool Escape()
    {
        if (++_at == _text.Length)
            return false;
        if (_text[_at] != (byte)'u')
            return "\"\\/bfnrt"u8.Contains(_text[_at]);
        for (var digits = 0; digits < 4; digits++)
        {
            if (++_at == _text.Length || !char.IsAsciiHexDigit((char)_text[_at]))
                return false;
        }

        return true;
    }

    bool Number()
    {
        _ = Next((byte)'-');
        if (!Next((byte)'0') && !Digits())
            return false;
        if (Next((byte)'.') && !Digits())
            return false;
        if (!Next((byte)'e') && !Next((byte)'E'))
            return true;
        _ = Next((byte)'+') || Next((byte)'-');
        return Digits();
    }

    bool Digits()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
            _at++;
        return _at > start;
    }

    bool Literal(ReadOnlySpan<byte> literal)
    {
        var isHere = _text[_at..].StartsWith(literal);
        _at += isHere ? literal.Length : 0;
        return isHere;
    }

    bool Space()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _at++;
        return true;
    }

    bool IsAtEnd() => Space() && _at == _text.Length;

    bool Takes(byte expected) => Space() && Next(expected);

    bool Sees(byte expected) => Space() && _at < _text.Length && _text[_at] == expected;

    bool Next(byte expected)
    {
        if (_at == _text.Length || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }
}
