namespace Clew.Otlp;

/// <summary>How much one export request may ask of the decoder. A request beyond a limit is refused as a whole, with the limit's name.</summary>
/// <remarks>
/// <para>Whatever a request contains, decoding it into a fresh batch allocates at most
/// <c>AllocatedBytesPerRequestByteMax * request bytes + AllocatedBytesBase</c> bytes in total, the arrays that were outgrown included.</para>
/// <para>Row bytes are the bytes of the columns that one row fills: 94 for a span, 13 for an attribute or a nested value, 20 for an event, 40 for a link, 20 for a
/// resource, 28 for a scope, 20 for an entity reference. Real requests need about one per request byte, the densest useful ones 7. Only near-empty
/// messages (a link of 2 bytes) need more, which is what <see cref="RowBytesPerRequestByteMax"/> stops.</para>
/// </remarks>
public sealed record OtlpLimits
{
    /// <summary>Row bytes that any request may use, however short it is.</summary>
    public const int RowBytesAllowance = 64 * 1024;

    /// <summary>The deepest <see cref="NestingMax"/>: what is written as JSON from it stays within <see cref="JsonDepthMax"/>, which readers can take.</summary>
    public const int NestingBound = 240;

    /// <summary>The deepest JSON that spans within any limits become, and that requests within any limits may be.</summary>
    public const int JsonDepthMax = JsonDepthBase + NestingBound * JsonDepthPerNesting;

    // Levels of JSON above and below the attribute values, and per nested array or map in them: {"kvlistValue":{"values":[{"value":{…
    internal const int JsonDepthBase = 32, JsonDepthPerNesting = 4;

    public static OtlpLimits Default { get; } = new();

    /// <summary>How deep arrays and maps may lie in each other within one attribute, and groups within unknown fields. Default 64, from 1 to <see cref="NestingBound"/>.</summary>
    public int NestingMax { get; init; } = 64;

    /// <summary>Spans in one request. Default 1,000,000.</summary>
    public int SpanCountMax { get; init; } = 1_000_000;

    /// <summary><c>ResourceSpans</c> in one request. Default 100,000.</summary>
    public int ResourceCountMax { get; init; } = 100_000;

    /// <summary><c>ScopeSpans</c> in one request. Default 250,000.</summary>
    public int ScopeCountMax { get; init; } = 250_000;

    /// <summary>Column bytes that rows may fill per byte of the request, see the remarks. Default 8, from 1 to 64.</summary>
    public int RowBytesPerRequestByteMax { get; init; } = 8;

    /// <summary>What a byte of a request can cost at most, in allocated bytes.</summary>
    public int AllocatedBytesPerRequestByteMax => 4 * (RowBytesPerRequestByteMax + StringBytesPerRequestByteMax);

    /// <summary>What any request can cost at most on top, in allocated bytes.</summary>
    public const int AllocatedBytesBase = 4 * RowBytesAllowance + 64 * 1024;

    // A distinct string of n bytes takes at least n + 2 on the wire and n + 24 in the table, 3 n + 24 if every byte has to be repaired; n is at least 3 for all
    // but a few.
    const int StringBytesPerRequestByteMax = 7;

    /// <summary>What is wrong with these settings, as sentences; empty when nothing is.</summary>
    public IEnumerable<string> Problems()
    {
        if (NestingMax is < 1 or > NestingBound)
            yield return $"{nameof(NestingMax)} is {NestingMax}; it can be from 1 to {NestingBound}.";
        if (SpanCountMax < 1)
            yield return $"{nameof(SpanCountMax)} is {SpanCountMax}; it must be at least 1.";
        if (ResourceCountMax < 1)
            yield return $"{nameof(ResourceCountMax)} is {ResourceCountMax}; it must be at least 1.";
        if (ScopeCountMax < 1)
            yield return $"{nameof(ScopeCountMax)} is {ScopeCountMax}; it must be at least 1.";
        if (RowBytesPerRequestByteMax is < 1 or > 64)
            yield return $"{nameof(RowBytesPerRequestByteMax)} is {RowBytesPerRequestByteMax}; it can be from 1 to 64.";
    }
}
