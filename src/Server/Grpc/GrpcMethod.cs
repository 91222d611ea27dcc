namespace Clew.Server.Grpc;

/// <summary>One method of a service: a request in, and as many messages out as it writes; exactly one where the method is unary.</summary>
/// <param name="cancellation">The client has gone, or its deadline has passed.</param>
internal delegate Task<GrpcOutcome> GrpcMethod(ReadOnlyMemory<byte> request, GrpcMessages answer, CancellationToken cancellation);
