using System.Diagnostics.CodeAnalysis;
using Clew.Model;

namespace Clew.Otlp.Zipkin;

/// <summary>Decodes a list of spans in Zipkin's v2 JSON straight into the columns of a batch.</summary>
/// <remarks>
/// Unknown keys are passed over, null means absent, hexadecimal is taken in either case and padded with zeros on the left, numbers are taken as numbers or text.
/// What is rejected alone, repaired or refused is as for <see cref="ExportRequestJsonReader"/>. How Zipkin's fields become OpenTelemetry's: docs/guides/zipkin.md.
/// </remarks>
public static class ZipkinJsonReader
{
    /// <param name="arrived">When spans without any time of their own are taken to have started.</param>
    /// <param name="room">Pays for the memory of the batch while it grows, and keeps paying for what it then holds; null for memory without a bound of its own.</param>
    /// <param name="batch">Empty. When the answer is false its content is undefined and the caller clears it.</param>
    /// <param name="error"><see cref="OtlpError.NoRoom"/> when there was none left.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> request, OtlpLimits limits, UnixNanos arrived, IMemoryRoom? room, SpanBatch batch, out ReadReport report,
        [NotNullWhen(false)] out OtlpError? error)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(batch);
        var decoder = new ZipkinJsonDecoder(request, limits, batch, room, arrived);
        decoder.TryReadList(out error);
        report = decoder.Report;
        error = decoder.IsOutOfRoom ? OtlpError.NoRoom : error;
        decoder.Settle();
        return error is null;
    }
}
