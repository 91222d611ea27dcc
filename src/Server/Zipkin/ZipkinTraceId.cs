using System.Diagnostics.CodeAnalysis;
using Clew.Model;

namespace Clew.Server.Zipkin;

/// <summary>Trace ids as Zipkin's API spells them.</summary>
internal static class ZipkinTraceId
{
    /// <summary>32 hexadecimal digits, or the lower 16 of them when the others are zero.</summary>
    public static string Format(TraceId id) => id.High == 0 ? id.ToString()[16..] : id.ToString();

    /// <summary>Parses up to 32 hexadecimal digits of either case; a shorter text is padded with zeros on the left.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TraceId id) => TraceId.TryParse(text, out id) && !id.IsAbsent;

    public static string Problem(string text) => $"'{text}' is not a trace id: expected 16 or 32 hexadecimal digits, not all zero.";
}
