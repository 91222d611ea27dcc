using System.Text.Json;

namespace Clew.Server.Zipkin;

/// <summary>The words of Zipkin's JSON that repeat with every span, encoded once.</summary>
internal static class ZipkinNames
{
    public static readonly JsonEncodedText
        TraceId = JsonEncodedText.Encode("traceId"),
        ParentId = JsonEncodedText.Encode("parentId"),
        Id = JsonEncodedText.Encode("id"),
        Kind = JsonEncodedText.Encode("kind"),
        Name = JsonEncodedText.Encode("name"),
        Timestamp = JsonEncodedText.Encode("timestamp"),
        Duration = JsonEncodedText.Encode("duration"),
        LocalEndpoint = JsonEncodedText.Encode("localEndpoint"),
        RemoteEndpoint = JsonEncodedText.Encode("remoteEndpoint"),
        ServiceName = JsonEncodedText.Encode("serviceName"),
        Ipv4 = JsonEncodedText.Encode("ipv4"),
        Ipv6 = JsonEncodedText.Encode("ipv6"),
        Port = JsonEncodedText.Encode("port"),
        Annotations = JsonEncodedText.Encode("annotations"),
        Value = JsonEncodedText.Encode("value"),
        Tags = JsonEncodedText.Encode("tags"),
        Debug = JsonEncodedText.Encode("debug"),
        Shared = JsonEncodedText.Encode("shared");
}
