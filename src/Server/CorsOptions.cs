namespace Clew.Server;

/// <summary>Which web pages may send spans from a browser to the ports of OTLP/HTTP and Zipkin.</summary>
public sealed record CorsOptions
{
    /// <summary>
    /// Origins such as <c>https://shop.example</c>; a <c>*</c> stands for any text, alone for any page. Default: pages served by this machine.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } =
        ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*", "https://localhost:*", "http://localhost", "https://localhost"];

    internal IEnumerable<string> Problems() =>
        from origin in AllowedOrigins
        where string.IsNullOrWhiteSpace(origin) || (origin != "*" && !origin.Contains("://", StringComparison.Ordinal))
        select $"cors.allowed_origins has '{origin}'; expected an origin such as https://shop.example or https://*.example, or * for any.";
}
