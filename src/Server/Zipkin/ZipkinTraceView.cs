using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Clew.Analysis;
using Clew.Model;

namespace Clew.Server.Zipkin;

/// <summary>The spans of one trace as Zipkin sees them: names in lower case, everything that Zipkin has no field for as a tag.</summary>
/// <remarks>
/// Source: the OpenTelemetry specification, "OpenTelemetry to Zipkin". What spans that came from Zipkin have in addition (docs/guides/zipkin.md) goes back to where it came from.
/// </remarks>
internal sealed class ZipkinTraceView
{
    static readonly JsonWriterOptions AnnotationJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1_000 };

    readonly PeerNames _peers;
    readonly ResourceView[] _resources;
    readonly string?[] _texts;
    readonly int _peerIp, _peerPort, _remoteIpv6, _peerService, _shared, _debug, _startAbsent, _durationAbsent, _serviceName, _hostIp, _hostPort, _localIpv6;
    HashSet<SpanId>? _clients;

    public ZipkinTraceView(SpanBatch batch)
    {
        Batch = batch;
        _peers = new PeerNames(batch);
        _texts = new string?[batch.Strings.Count];
        (_serviceName, _hostIp, _hostPort, _localIpv6) = (CodeOf(ServiceName.Key), CodeOf("net.host.ip"), CodeOf("net.host.port"), CodeOf("zipkin.local.ipv6"));
        (_peerService, _peerIp, _peerPort, _remoteIpv6) = (CodeOf("peer.service"), CodeOf("net.peer.ip"), CodeOf("net.peer.port"), CodeOf("zipkin.remote.ipv6"));
        (_shared, _debug) = (CodeOf("zipkin.shared"), CodeOf("zipkin.debug"));
        (_startAbsent, _durationAbsent) = (CodeOf("otel.zipkin.absentField.startTime"), CodeOf("otel.zipkin.absentField.duration"));
        _resources = [.. Enumerable.Range(0, batch.Resources.Count).Select(ResourceOf)];
    }

    public SpanBatch Batch { get; }

    /// <summary>What services and span names are compared and shown as.</summary>
    public static string Lowered(string name) => name.ToLowerInvariant();

    /// <summary>The name that a search for the span's service asks for, stand-ins for missing names included.</summary>
    public string ServiceOf(int row) => _resources[Batch.ResourceOf(row)].Service;

    public ZipkinEndpoint LocalOf(int row) => _resources[Batch.ResourceOf(row)].Local;

    public ZipkinEndpoint RemoteOf(int row) => EndpointOf(Batch.Spans.Attributes, row, RemoteServiceOf(row), _peerIp, _remoteIpv6, _peerPort);

    /// <summary>Empty when the span does not name the other side.</summary>
    public string RemoteServiceOf(int row) => Lowered(_peers.NameOf(row) ?? "");

    /// <summary>The attribute that <see cref="RemoteOf"/> shows in place of a tag; people look for it all the same. Null when there is none.</summary>
    public string? PeerServiceOf(int row) => _peerService >= 0 && Batch.Spans.Attributes.TryFind(row, _peerService, out var value) ? Text(value) : null;

    public string NameOf(int row) => Lowered(Text(Batch.Spans.Names[row]));

    /// <summary>0 when it is not known.</summary>
    public ulong TimestampMicrosOf(int row) => IsTrue(row, _startAbsent) ? 0 : Batch.Spans.Starts[row].Value / 1_000;

    /// <summary>0 when it is not known. Zipkin has no lengths below a microsecond.</summary>
    public ulong DurationMicrosOf(int row) => IsTrue(row, _durationAbsent) ? 0 : Math.Max(1, Batch.Spans.DurationNanos(row) / 1_000);

    public bool IsDebug(int row) => IsTrue(row, _debug);

    /// <summary>Whether the span shares the id of the client that called it.</summary>
    public bool IsShared(int row)
    {
        if (IsTrue(row, _shared))
            return true;
        if (Batch.Spans.Kinds[row] != SpanKind.Server)
            return false;
        _clients ??= [.. Enumerable.Range(0, Batch.SpanCount).Where(other => Batch.Spans.Kinds[other] == SpanKind.Client).Select(other => Batch.Spans.SpanIds[other])];
        return _clients.Contains(Batch.Spans.SpanIds[row]);
    }

    /// <summary>Replaces the content of <paramref name="tags"/> by the span's tags; of attributes with the same key the first counts, the span's before the resource's.</summary>
    public void ReadTags(int row, OrderedDictionary<string, string> tags)
    {
        tags.Clear();
        var span = Batch.Spans[row];
        var attributes = Batch.Spans.Attributes;
        var range = attributes[row];
        var remote = RemoteServiceOf(row);
        for (var at = range.Start; at < range.End; at++)
        {
            if (!IsField(attributes.Keys[at], attributes.Values[at], remote))
                tags.TryAdd(Text(attributes.Keys[at]), Text(attributes.Values[at]));
        }

        ReadResourceTags(Batch.ResourceOf(row), tags);
        Add(tags, "otel.scope.name", Text(Batch.Scopes.Names[span.Scope]));
        Add(tags, "otel.scope.version", Text(Batch.Scopes.Versions[span.Scope]));
        Add(tags, "w3c.tracestate", Text(span.TraceState));
        AddCount(tags, "otel.dropped_attributes_count", span.DroppedAttributeCount);
        AddCount(tags, "otel.dropped_events_count", span.DroppedEventCount);
        AddCount(tags, "otel.dropped_links_count", span.DroppedLinkCount);
        if (span.Status != StatusCode.Unset)
            tags["otel.status_code"] = span.Status == StatusCode.Ok ? "OK" : "ERROR";
        if (span.Status != StatusCode.Error)
            return;
        if (span.StatusMessage != 0)
            tags["error"] = Text(span.StatusMessage);
        else
            tags.TryAdd("error", "");
    }

    /// <summary>An event as an annotation's text: its name, followed by its attributes if it has any.</summary>
    public string AnnotationOf(int occurrence)
    {
        var name = Text(Batch.Events.Names[occurrence]);
        var attributes = Batch.Events.Attributes[occurrence];
        if (attributes.Start == attributes.End)
            return name;
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, AnnotationJson))
            writer.WriteStringValue(name);
        text.Write(": "u8);
        using (var writer = new Utf8JsonWriter(text, AnnotationJson))
        {
            writer.WriteStartObject();
            for (var at = attributes.Start; at < attributes.End; at++)
            {
                writer.WritePropertyName(Text(Batch.Events.Attributes.Keys[at]));
                ValueText.WriteJson(writer, Batch, Batch.Events.Attributes.Values[at]);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    void ReadResourceTags(int resource, OrderedDictionary<string, string> tags)
    {
        var attributes = Batch.Resources.Attributes;
        var range = attributes[resource];
        for (var at = range.Start; at < range.End; at++)
        {
            var (key, value) = (attributes.Keys[at], attributes.Values[at]);
            if (key != _serviceName && !((key == _hostIp || key == _localIpv6) && IsAddress(value)) && !(key == _hostPort && IsPort(value)))
                tags.TryAdd(Text(key), Text(value));
        }
    }

    // Whether a field says the same, and as exactly.
    bool IsField(int key, AnyValue value, string remoteService) =>
        (key == _peerService && value.Kind == ValueKind.String && Text(value.Code) == remoteService)
        || ((key == _peerIp || key == _remoteIpv6) && IsAddress(value))
        || (key == _peerPort && IsPort(value))
        || ((key == _shared || key == _debug || key == _startAbsent || key == _durationAbsent) && value is { Kind: ValueKind.Bool, IsTrue: true });

    ResourceView ResourceOf(int resource)
    {
        var service = ServiceName.Of(Batch, resource);
        var shown = service is ServiceName.Missing or ServiceName.Empty or ServiceName.WrongType ? "" : Lowered(service);
        return new ResourceView(Lowered(service), EndpointOf(Batch.Resources.Attributes, resource, shown, _hostIp, _localIpv6, _hostPort));
    }

    ZipkinEndpoint EndpointOf(AttributeColumns attributes, int owner, string service, int ipKey, int ipv6Key, int portKey)
    {
        var address = ipKey >= 0 && attributes.TryFind(owner, ipKey, out var ip) && IsAddress(ip) ? Text(ip.Code) : "";
        var other = ipv6Key >= 0 && attributes.TryFind(owner, ipv6Key, out var ipv6) && IsAddress(ipv6) ? Text(ipv6.Code) : "";
        var port = portKey >= 0 && attributes.TryFind(owner, portKey, out var number) && IsPort(number) ? (int)number.Bits : 0;
        return address.Contains(':', StringComparison.Ordinal) ? new ZipkinEndpoint(service, "", address, port) : new ZipkinEndpoint(service, address, other, port);
    }

    bool IsAddress(AnyValue value) =>
        value is { Kind: ValueKind.String, Code: > 0 } && IPAddress.TryParse(Text(value.Code), out var ip)
        && (ip.AddressFamily == AddressFamily.InterNetworkV6 || Text(value.Code).Count(letter => letter == '.') == 3);

    static bool IsPort(AnyValue value) => value is { Kind: ValueKind.Int, Bits: > 0 and <= ushort.MaxValue };

    bool IsTrue(int row, int key) => key >= 0 && Batch.Spans.Attributes.TryFind(row, key, out var value) && value is { Kind: ValueKind.Bool, IsTrue: true };

    static void Add(OrderedDictionary<string, string> tags, string key, string value)
    {
        if (value.Length > 0)
            tags.TryAdd(key, value);
    }

    static void AddCount(OrderedDictionary<string, string> tags, string key, uint count)
    {
        if (count > 0)
            tags.TryAdd(key, $"{count}");
    }

    string Text(AnyValue value) => value.Kind == ValueKind.String ? Text(value.Code) : ValueText.Format(Batch, value);

    string Text(int code) => _texts[code] ??= Batch.Strings.GetString(code);

    int CodeOf(string key) => Batch.Strings.TryFind(key, out var code) ? code : -1;

    readonly record struct ResourceView(string Service, ZipkinEndpoint Local);
}
