namespace Clew.Otlp.Zipkin;

/// <summary>A <c>zipkin2.Endpoint</c>: one side of a call. Texts are codes of the batch; 0 is absent, and so is port 0.</summary>
internal record struct ZipkinEndpoint(int ServiceName, int Ipv4, int Ipv6, int Port);
