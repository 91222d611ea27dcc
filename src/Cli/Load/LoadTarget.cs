namespace Clew.Cli.Load;

/// <summary>A receiver of OTLP.</summary>
/// <param name="Endpoint">Where requests go, with the full path.</param>
internal sealed record LoadTarget(Uri Endpoint, LoadProtocol Protocol)
{
    const string HttpPath = "/v1/traces";
    const string GrpcPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    const int GrpcPort = 4317;
    const int JaegerPort = 16686;

    /// <param name="address">With or without a scheme; the path of traces may be left out.</param>
    /// <param name="protocol">Null takes gRPC for port 4317 and HTTP for every other.</param>
    /// <returns>Null when it is not an address.</returns>
    public static LoadTarget? TryParse(string address, LoadProtocol? protocol)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : "http://" + address;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return null;
        var chosen = protocol ?? (url.Port == GrpcPort ? LoadProtocol.Grpc : LoadProtocol.Http);
        var path = chosen == LoadProtocol.Grpc ? GrpcPath
            : url.AbsolutePath.TrimEnd('/') is var given && given.EndsWith(HttpPath, StringComparison.Ordinal) ? given
            : given + HttpPath;
        return new LoadTarget(new UriBuilder(url) { Path = path }.Uri, chosen);
    }

    /// <summary>Where Jaeger's query API would be, were it on the same host and on its usual port.</summary>
    public Uri GuessJaeger() => new UriBuilder(Endpoint.Scheme, Endpoint.Host, JaegerPort).Uri;

    public override string ToString() => Protocol == LoadProtocol.Grpc ? $"{Endpoint.GetLeftPart(UriPartial.Authority)} (gRPC)" : $"{Endpoint.GetLeftPart(UriPartial.Path)} (HTTP)";
}
