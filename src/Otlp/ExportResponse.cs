using System.Buffers;

namespace Clew.Otlp;

/// <summary>The <c>ExportTraceServiceResponse</c>: nothing at all for full success, else what was rejected and why.</summary>
public static class ExportResponse
{
    public static void WriteProtobuf(long rejectedSpanCount, string message, IBufferWriter<byte> target) => throw new NotSupportedException();

    public static void WriteJson(long rejectedSpanCount, string message, IBufferWriter<byte> target) => throw new NotSupportedException();
}
