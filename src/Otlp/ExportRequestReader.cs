using System.Diagnostics.CodeAnalysis;
using Clew.Model;
using Clew.Otlp.Protobuf;

namespace Clew.Otlp;

/// <summary>Decodes an <c>ExportTraceServiceRequest</c> (protobuf) straight into the columns of a batch.</summary>
/// <remarks>
/// <para>Reads as protobuf implementations do: unknown fields of every wire type are passed over, a singular message that comes twice is merged, of a scalar or
/// a <c>oneof</c> the last one wins, fields may come in any order. Numbers that an enum does not know become its zero.</para>
/// <para>A span whose identity is invalid is left out alone and counted; text that is not UTF-8 is repaired and counted; anything else that is malformed, or
/// beyond a limit, refuses the request.</para>
/// </remarks>
public static class ExportRequestReader
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
        var decoder = new RequestDecoder(limits, batch, request.Length, room);
        var read = decoder.ReadRequest(new ProtoReader(request));
        report = decoder.Report;
        error = decoder.IsOutOfRoom ? OtlpError.NoRoom : read ? null : decoder.Error;
        decoder.Settle();
        return error is null;
    }
}
