using System.Diagnostics.CodeAnalysis;
using Clew.Model;

namespace Clew.Otlp;

/// <summary>Decodes an <c>ExportTraceServiceRequest</c> (protobuf) straight into the columns of a batch.</summary>
public static class ExportRequestReader
{
    /// <param name="batch">Empty. When the answer is false its content is undefined and the caller clears it.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> request, OtlpLimits limits, SpanBatch batch, out ReadReport report, [NotNullWhen(false)] out OtlpError? error) =>
        throw new NotSupportedException();
}
