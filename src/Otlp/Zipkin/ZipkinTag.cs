namespace Clew.Otlp.Zipkin;

/// <summary>The tags that mean something other than an attribute.</summary>
internal enum ZipkinTag : byte
{
    Attribute,
    Error,
    StatusCode,
    StatusDescription,
    ScopeName,
    LibraryName,
    ScopeVersion,
    LibraryVersion,
    TraceState,
    DroppedAttributesCount,
    DroppedEventsCount,
    DroppedLinksCount,
    ServiceName,

    /// <summary>Attributes, but the remote endpoint stands back for them.</summary>
    PeerService,
    PeerIp,
    PeerPort,
}
