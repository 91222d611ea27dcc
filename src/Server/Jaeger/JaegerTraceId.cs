using System.Buffers;
using System.Buffers.Text;
using Clew.Model;

namespace Clew.Server.Jaeger;

/// <summary>Trace ids as Jaeger's legacy API spells them.</summary>
internal static class JaegerTraceId
{
    const int Base64LengthMax = 24;

    /// <summary>32 hexadecimal digits, or the lower 16 of them when the others are zero.</summary>
    public static string Format(TraceId id) => id.High == 0 ? id.ToString()[16..] : id.ToString();

    /// <summary>Parses up to 32 hexadecimal digits, else the base64 (either alphabet, padded or not) of 8 or 16 bytes. Zero is an id, which no trace has.</summary>
    public static bool TryParse(string? text, out TraceId id)
    {
        if (TraceId.TryParse(text, out id))
            return true;
        if (text is null || text.Length > Base64LengthMax)
            return false;
        Span<byte> bytes = stackalloc byte[Base64LengthMax];
        var url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (Base64Url.DecodeFromChars(url, bytes, out _, out var length) != OperationStatus.Done || length is not (8 or TraceId.Bytes))
            return false;
        id = length == 8 ? new TraceId(0, SpanId.Read(bytes).Value) : TraceId.Read(bytes);
        return true;
    }

    /// <summary>What is wrong with a text that <see cref="TryParse"/> does not take, as a clause for people.</summary>
    public static string Problem(string text) => $"'{text}' is not a trace id: expected up to 32 hexadecimal digits";
}
