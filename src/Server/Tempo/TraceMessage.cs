using System.Buffers;
using Clew.Otlp.Protobuf;
using Clew.Server.Tempo.Streaming;

namespace Clew.Server.Tempo;

/// <summary>Protobuf around a trace.</summary>
internal static class TraceMessage
{
    /// <summary>Begins a <c>TraceByIDResponse</c>, whose only field is the trace that follows.</summary>
    /// <param name="traceBytes">How long that is, encoded.</param>
    public static void WriteHead(int traceBytes, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(bytesHint: 16);
        writer.EndMessage(TraceByIdResponseField.Trace, -traceBytes);
        MessageParts.Finish(ref writer, target);
    }
}
