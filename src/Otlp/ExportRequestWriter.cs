using System.Buffers;
using Clew.Model;

namespace Clew.Otlp;

/// <summary>Encodes a batch as an <c>ExportTraceServiceRequest</c> in protobuf.</summary>
public static class ExportRequestWriter
{
    public static void Write(SpanBatch batch, IBufferWriter<byte> target) => throw new NotSupportedException();
}
