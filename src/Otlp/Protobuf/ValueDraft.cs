using Clew.Model;

namespace Clew.Otlp.Protobuf;

/// <summary>What an <c>AnyValue</c> is so far.</summary>
internal ref struct ValueDraft
{
    public ValueKind Kind { get; private set; }

    /// <summary>Bool, Int and Double: the bits of the value.</summary>
    public long Bits { get; private set; }

    /// <summary>String and Bytes: where it lies in the request.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>
    /// Array and Map: the field from which on occurrences of this case count. Those that follow each other are merged, those before another case are gone.
    /// </summary>
    public int RunStart { get; private set; }

    public void Set(ValueKind kind, long bits)
    {
        Kind = kind;
        Bits = bits;
    }

    public void Set(ValueKind kind, ReadOnlySpan<byte> content)
    {
        Kind = kind;
        Content = content;
    }

    public void SetContainer(ValueKind kind, int fieldStart)
    {
        if (Kind != kind)
            RunStart = fieldStart;
        Kind = kind;
    }
}
