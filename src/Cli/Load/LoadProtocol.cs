namespace Clew.Cli.Load;

/// <summary>How spans are sent.</summary>
internal enum LoadProtocol
{
    /// <summary>OTLP/HTTP with protobuf, HTTP/1.1.</summary>
    Http,

    /// <summary>OTLP/gRPC.</summary>
    Grpc,
}
