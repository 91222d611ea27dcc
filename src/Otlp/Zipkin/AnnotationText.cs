namespace Clew.Otlp.Zipkin;

/// <summary>The text of an annotation: an event's name alone, or <c>"name": {"key":"value"}</c> when the event had attributes; the quotes may be missing.</summary>
/// <remarks>Source: the OpenTelemetry specification, "OpenTelemetry to Zipkin", section Events.</remarks>
internal static class AnnotationText
{
    /// <summary>Deeper objects stay text.</summary>
    public const int DepthMax = 8;

    /// <param name="name">The name, quotes and escapes included if <paramref name="isQuoted"/>.</param>
    /// <param name="attributes">A valid JSON object that is not empty.</param>
    /// <returns>False when all of the text is the name.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out bool isQuoted, out ReadOnlySpan<byte> attributes)
    {
        name = attributes = default;
        isQuoted = false;
        if (!text.EndsWith("}"u8))
            return false;
        var nameEnd = JsonShape.StringLength(text);
        isQuoted = nameEnd > 0;
        if (!isQuoted)
            nameEnd = text.IndexOf((byte)':');
        if (nameEnd <= 0)
            return false;
        name = text[..nameEnd];
        var rest = text[nameEnd..].TrimStart((byte)' ');
        if (!rest.StartsWith(":"u8))
            return false;
        attributes = rest[1..].TrimStart((byte)' ');
        return JsonShape.IsObject(attributes, DepthMax);
    }
}
