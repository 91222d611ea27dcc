using System.Buffers;
using Clew.Model;
using Clew.Otlp.Protobuf;

namespace Clew.Otlp;

/// <summary>Encodes a batch as an <c>ExportTraceServiceRequest</c> in protobuf.</summary>
/// <remarks>
/// One <c>ResourceSpans</c> per resource row and one <c>ScopeSpans</c> per scope row, in row order; spans in row order within their scope. Fields ascend and
/// defaults are left out, so that equal batches give equal bytes.
/// </remarks>
public static class ExportRequestWriter
{
    public static void Write(SpanBatch batch, IBufferWriter<byte> target)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(target);
        using var encoder = new RequestEncoder(batch);
        encoder.WriteRequest();
        target.Write(encoder.Written);
    }
}
