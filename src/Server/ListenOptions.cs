namespace Clew.Server;

/// <summary>The addresses the server listens on, each <c>host:port</c>: an IP address, <c>localhost</c>, or <c>*</c> for every network interface.</summary>
/// <remarks>Port 0 lets the system choose a free one. Beyond loopback there is no authentication in this version: put it behind something that has it.</remarks>
public sealed record ListenOptions
{
    /// <summary>OTLP over gRPC (HTTP/2 without TLS). Default <c>127.0.0.1:4317</c>.</summary>
    public string OtlpGrpc { get; init; } = "127.0.0.1:4317";

    /// <summary>OTLP over HTTP/1.1, protobuf and JSON. Default <c>127.0.0.1:4318</c>.</summary>
    public string OtlpHttp { get; init; } = "127.0.0.1:4318";

    /// <summary>The web UI, the Jaeger and Clew APIs, health and metrics. Default <c>127.0.0.1:16686</c>.</summary>
    public string Ui { get; init; } = "127.0.0.1:16686";

    /// <summary>Jaeger's query API over gRPC (HTTP/2 without TLS). Default <c>127.0.0.1:16685</c>.</summary>
    public string JaegerGrpc { get; init; } = "127.0.0.1:16685";

    /// <summary>Version 2 of Zipkin's API (HTTP/1.1): spans in, queries out. Default <c>127.0.0.1:9411</c>.</summary>
    public string Zipkin { get; init; } = "127.0.0.1:9411";

    /// <summary>Tempo's API, HTTP and gRPC (HTTP/2 without TLS) on one port. Default <c>127.0.0.1:3200</c>.</summary>
    public string Tempo { get; init; } = "127.0.0.1:3200";

    /// <summary>
    /// Host names under which the ports of the UI, of Tempo's API and of Zipkin's for queries may be asked, on whatever address they listen, besides IP addresses and <c>localhost</c>; <c>*</c> allows any. A name that
    /// is not listed is refused, so that a web page cannot read traces by pointing its own name at this machine. Default none.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Every address with its key.</summary>
    internal IReadOnlyList<(string Key, string Text)> Addresses() =>
    [
        ("listen.otlp_grpc", OtlpGrpc),
        ("listen.otlp_http", OtlpHttp),
        ("listen.ui", Ui),
        ("listen.jaeger_grpc", JaegerGrpc),
        ("listen.zipkin", Zipkin),
        ("listen.tempo", Tempo),
    ];

    internal IEnumerable<string> Problems()
    {
        var owners = new Dictionary<ListenAddress, string>();
        foreach (var (key, text) in Addresses())
        {
            if (!ListenAddress.TryParse(text, out var address))
                yield return $"{key} is '{text}'; {ListenAddress.Expectation(text)}.";
            else if (address.Port != 0 && !owners.TryAdd(address, key))
                yield return $"{key} is {text}, and so is {owners[address]}; each needs a port of its own.";
        }
    }
}
