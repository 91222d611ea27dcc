using Clew.Model;

namespace Clew.Otlp.Json;

/// <summary>An identity as it came: up to 32 hexadecimal digits.</summary>
/// <param name="DigitCount">Bytes of the text; 0 when it is empty or absent.</param>
/// <param name="IsHex">Whether all of it are hexadecimal digits, and no more than 32.</param>
/// <param name="Offset">Where the text starts.</param>
internal readonly record struct IdentityText(ulong High, ulong Low, int DigitCount, bool IsHex, long Offset)
{
    public const int DigitCountMax = 2 * Model.TraceId.Bytes;

    public bool IsZero => (High | Low) == 0;

    public bool IsTraceId => IsHex && DigitCount == DigitCountMax && !IsZero;

    public bool IsSpanId => IsParentSpanId && !IsZero;

    public bool IsParentSpanId => IsHex && DigitCount == 2 * Model.SpanId.Bytes;

    /// <summary>What is wrong with an identity that is none, for a message.</summary>
    public string Flaw => this switch
    {
        { DigitCount: 0 } => "is missing",
        { DigitCount: > DigitCountMax } => $"has {DigitCount} characters",
        { IsHex: false } => "is not hexadecimal",
        { IsZero: true } => "is zero",
        _ => $"has {DigitCount} digits",
    };

    public TraceId TraceId => new(High, Low);

    public SpanId SpanId => new(Low);

    public static IdentityText Parse(ReadOnlySpan<byte> digits, long offset)
    {
        ulong high = 0, low = 0;
        var isHex = digits.Length <= DigitCountMax;
        for (var at = 0; isHex && at < digits.Length; at++)
        {
            var digit = digits[at];
            isHex = char.IsAsciiHexDigit((char)digit);
            high = (high << 4) | (low >> 60);
            low = (low << 4) | (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return new IdentityText(high, low, digits.Length, isHex, offset);
    }
}
