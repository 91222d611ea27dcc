using System.Diagnostics.CodeAnalysis;
using Clew.Model;
using Clew.Otlp.Protobuf;

namespace Clew.Otlp.Zipkin;

/// <summary>Decodes a <c>zipkin.proto3.ListOfSpans</c> (Zipkin v2, protobuf) straight into the columns of a batch.</summary>
/// <remarks>
/// Reads as protobuf implementations do; what is rejected alone, repaired or refused is as for <see cref="ExportRequestReader"/>. Tags that come twice are both kept.
/// How Zipkin's fields become OpenTelemetry's: docs/guides/zipkin.md.
/// </remarks>
public static class ZipkinProtobufReader
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
        var decoder = new ZipkinProtobufDecoder(limits, batch, request.Length, room, arrived);
        var read = decoder.ReadList(new ProtoReader(request));
        report = decoder.Report;
        error = decoder.IsOutOfRoom ? OtlpError.NoRoom : read ? null : decoder.Error;
        decoder.Settle();
        return error is null;
    }
}
