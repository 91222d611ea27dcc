using Clew.Otlp;

namespace Clew.Server.Grpc;

/// <summary>How a call ended.</summary>
/// <param name="Message">One sentence for a person; empty for success.</param>
/// <param name="RetryAfter">When given, the details carry a <c>google.rpc.RetryInfo</c>: the client may send it again after that time.</param>
internal readonly record struct GrpcOutcome(GrpcStatus Status, string Message, TimeSpan? RetryAfter = null)
{
    public static GrpcOutcome Ok => new(GrpcStatus.Ok, "");

    public static GrpcOutcome Invalid(string message) => new(GrpcStatus.InvalidArgument, message);
}
