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
        ReadOnlySpan<byte> request, OtlpLimits limits, SpanBatch batch, out ReadReport report, [NotNullWhen(false)] out OtlpError? error) =>
        TryRead(request, limits, null, batch, out report, out error);

    /// <param name="room">Pays for the memory of the batch while it grows, and keeps paying for what it then holds; null for memory without a bound of its own.</param>
    /// <param name="batch">Empty. When the answer is false its content is undefined and the caller clears it.</param>
    /// <param name="error"><see cref="OtlpError.NoRoom"/> when there was none left.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> request, OtlpLimits limits, IMemoryRoom? room, SpanBatch batch, out ReadReport report, [NotNullWhen(false)] out OtlpError? error)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(batch);
        var decoder = new JsonRequestDecoder(request, limits, batch, room);
        decoder.TryReadRequest(out error);
        report = decoder.Report;
        error = decoder.IsOutOfRoom ? OtlpError.NoRoom : error;
        decoder.Settle();
        return error is null;
    }
}
