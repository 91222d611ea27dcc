using System.Buffers;
using Clew.Otlp.Protobuf;
using Clew.Server.Tempo.Streaming;

namespace Clew.Server.Tempo;

/// <summary>Protobuf around a trace.</summary>
internal static class TraceMessage
{
    const ulong Partial = 1;

    /// <summary>Begins a <c>TraceByIDResponse</c>, whose first field is the trace that follows.</summary>
    /// <param name="traceBytes">How long that is, encoded.</param>
    public static void WriteHead(int traceBytes, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(bytesHint: 16);
        writer.EndMessage(TraceByIdResponseField.Trace, -traceBytes);
        MessageParts.Finish(ref writer, target);
    }

    /// <summary>Ends it, when it is not all of the trace.</summary>
    public static void WriteTail(string message, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(bytesHint: 256);
        MessageParts.Text(ref writer, TraceByIdResponseField.Message, message);
        writer.Varint(TraceByIdResponseField.Status, Partial);
        MessageParts.Finish(ref writer, target);
    }
}
