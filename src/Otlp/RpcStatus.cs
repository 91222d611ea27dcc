using System.Buffers;

namespace Clew.Otlp;

/// <summary><c>google.rpc.Status</c>: the body of OTLP/HTTP errors, and of the trailer <c>grpc-status-details-bin</c>.</summary>
public static class RpcStatus
{
    /// <param name="retryAfter">When given, a <c>google.rpc.RetryInfo</c> detail asks the client to come back after it.</param>
    public static void WriteProtobuf(GrpcStatus code, string message, TimeSpan? retryAfter, IBufferWriter<byte> target) => throw new NotSupportedException();

    public static void WriteJson(GrpcStatus code, string message, TimeSpan? retryAfter, IBufferWriter<byte> target) => throw new NotSupportedException();
}
