namespace Clew.Otlp.Zipkin;

/// <summary>The tags by which OpenTelemetry's exporters say in Zipkin what Zipkin has no field for, and the attributes that Zipkin's fields become here.</summary>
/// <remarks>Source: the OpenTelemetry specification, "OpenTelemetry to Zipkin"; for endpoints the names of the OpenTelemetry Collector's Zipkin receiver.</remarks>
internal static class ZipkinTagNames
{
    public static ReadOnlySpan<byte> ServiceName => "service.name"u8;
    public static ReadOnlySpan<byte> Error => "error"u8;
    public static ReadOnlySpan<byte> PeerService => "peer.service"u8;
    public static ReadOnlySpan<byte> PeerIp => "net.peer.ip"u8;
    public static ReadOnlySpan<byte> PeerPort => "net.peer.port"u8;
    public static ReadOnlySpan<byte> HostIp => "net.host.ip"u8;
    public static ReadOnlySpan<byte> HostPort => "net.host.port"u8;

    /// <summary>The IPv6 address of an endpoint that has an IPv4 address too.</summary>
    public static ReadOnlySpan<byte> LocalIpv6 => "zipkin.local.ipv6"u8;
    public static ReadOnlySpan<byte> RemoteIpv6 => "zipkin.remote.ipv6"u8;
    public static ReadOnlySpan<byte> Shared => "zipkin.shared"u8;
    public static ReadOnlySpan<byte> Debug => "zipkin.debug"u8;

    /// <summary>True on a span that came without a timestamp.</summary>
    public static ReadOnlySpan<byte> StartAbsent => "otel.zipkin.absentField.startTime"u8;

    /// <summary>True on a span that came without a duration: its length of zero is not measured.</summary>
    public static ReadOnlySpan<byte> DurationAbsent => "otel.zipkin.absentField.duration"u8;

    public static ZipkinTag Of(ReadOnlySpan<byte> key) => key.IsEmpty ? ZipkinTag.Attribute : key[0] switch
    {
        (byte)'e' when key.SequenceEqual(Error) => ZipkinTag.Error,
        (byte)'s' when key.SequenceEqual(ServiceName) => ZipkinTag.ServiceName,
        (byte)'w' when key.SequenceEqual("w3c.tracestate"u8) => ZipkinTag.TraceState,
        (byte)'p' when key.SequenceEqual(PeerService) => ZipkinTag.PeerService,
        (byte)'n' when key.SequenceEqual(PeerIp) => ZipkinTag.PeerIp,
        (byte)'n' when key.SequenceEqual(PeerPort) => ZipkinTag.PeerPort,
        (byte)'o' when key.StartsWith("otel."u8) => OfOpenTelemetry(key[5..]),
        _ => ZipkinTag.Attribute,
    };

    static ZipkinTag OfOpenTelemetry(ReadOnlySpan<byte> key) => key switch
    {
        _ when key.SequenceEqual("status_code"u8) => ZipkinTag.StatusCode,
        _ when key.SequenceEqual("status_description"u8) => ZipkinTag.StatusDescription,
        _ when key.SequenceEqual("scope.name"u8) => ZipkinTag.ScopeName,
        _ when key.SequenceEqual("library.name"u8) => ZipkinTag.LibraryName,
        _ when key.SequenceEqual("scope.version"u8) => ZipkinTag.ScopeVersion,
        _ when key.SequenceEqual("library.version"u8) => ZipkinTag.LibraryVersion,
        _ when key.SequenceEqual("dropped_attributes_count"u8) => ZipkinTag.DroppedAttributesCount,
        _ when key.SequenceEqual("dropped_events_count"u8) => ZipkinTag.DroppedEventsCount,
        _ when key.SequenceEqual("dropped_links_count"u8) => ZipkinTag.DroppedLinksCount,
        _ => ZipkinTag.Attribute,
    };
}
