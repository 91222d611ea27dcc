using System.Text.Json;

namespace Clew.Server.Zipkin;

/// <summary>One side of a call, as Zipkin shows it; empty texts and port 0 are absent.</summary>
internal readonly record struct ZipkinEndpoint(string ServiceName, string Ipv4, string Ipv6, int Port)
{
    public bool IsEmpty => ServiceName.Length == 0 && Ipv4.Length == 0 && Ipv6.Length == 0 && Port == 0;

    /// <summary>Writes nothing for an empty one.</summary>
    public void Write(Utf8JsonWriter writer, JsonEncodedText key)
    {
        if (IsEmpty)
            return;
        writer.WriteStartObject(key);
        if (ServiceName.Length > 0)
            writer.WriteString(ZipkinNames.ServiceName, ServiceName);
        if (Ipv4.Length > 0)
            writer.WriteString(ZipkinNames.Ipv4, Ipv4);
        if (Ipv6.Length > 0)
            writer.WriteString(ZipkinNames.Ipv6, Ipv6);
        if (Port != 0)
            writer.WriteNumber(ZipkinNames.Port, Port);
        writer.WriteEndObject();
    }
}
