using System.Diagnostics.CodeAnalysis;
using Clew.Model;
using Clew.Otlp.Json;

namespace Clew.Otlp;

/// <summary>Decodes an <c>ExportTraceServiceRequest</c> in OTLP/JSON straight into the columns of a batch.</summary>
/// <remarks>
/// Keys are lowerCamelCase; unknown ones are passed over at every level, null means the default. Numbers are taken as numbers or text, enums as numbers or
/// names, hexadecimal in either case, base64 in either alphabet. What is rejected, repaired and refused is as for <see cref="ExportRequestReader"/>.
/// </remarks>
public static class ExportRequestJsonReader
{
    /// <param name="batch">Empty. When the answer is false its content is undefined and the caller clears it.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> request, OtlpLimits limits, SpanBatch batch, out ReadReport report, [NotNullWhen(false)] out OtlpError? error)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(batch);
        var decoder = new JsonRequestDecoder(request, limits, batch);
        var read = decoder.TryReadRequest(out error);
        report = decoder.Report;
        return read;
    }
}
