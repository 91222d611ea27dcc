using System.Globalization;
using System.Net;
using Clew.Model;
using Zipkin.Proto3;
using ZipkinSpan = Zipkin.Proto3.Span;

namespace Clew.Otlp.Tests.Zipkin;

/// <summary>What spans in Zipkin's own objects mean, and what a batch says, as texts to be compared. The mapping is written down a second time here.</summary>
static class ZipkinOracle
{
    public static string[] Describe(ListOfSpans list) => [.. list.Spans.Select(Describe)];

    public static string[] Describe(SpanBatch batch) => [.. Enumerable.Range(0, batch.SpanCount).Select(row => Describe(batch, row))];

    static string Describe(ZipkinSpan span)
    {
        var tags = new SortedDictionary<string, string>(span.Tags, StringComparer.Ordinal);
        string Take(params string[] keys)
        {
            var value = keys.Select(key => tags.GetValueOrDefault(key, "")).FirstOrDefault(value => value.Length > 0) ?? "";
            foreach (var key in keys)
                tags.Remove(key);
            return value;
        }

        var status = tags.GetValueOrDefault("otel.status_code") is "OK" or "ERROR" ? Take("otel.status_code") : "";
        var message = "";
        if (tags.TryGetValue("error", out var error) && error != "false" && status != "OK")
        {
            status = "ERROR";
            message = Take("error");
        }

        var local = span.LocalEndpoint ?? new Endpoint();
        var remote = span.RemoteEndpoint ?? new Endpoint();
        var service = local.ServiceName.Length > 0 ? local.ServiceName : tags.GetValueOrDefault("service.name", "");
        if (tags.GetValueOrDefault("service.name", "") is var tag && (tag.Length == 0 || tag == service))
            tags.Remove("service.name");
        var scope = $"{Take("otel.scope.name", "otel.library.name")}@{Take("otel.scope.version", "otel.library.version")}";
        var state = Take("w3c.tracestate");
        var attributes = tags.ToDictionary(tag => tag.Key, tag => $"String:{tag.Value}");
        Put(attributes, "peer.service", "String", remote.ServiceName);
        Put(attributes, "net.peer.ip", "String", Address(remote.Ipv4) + (remote.Ipv4.IsEmpty ? Address(remote.Ipv6) : ""));
        Put(attributes, "zipkin.remote.ipv6", "String", remote.Ipv4.IsEmpty ? "" : Address(remote.Ipv6));
        Put(attributes, "net.peer.port", "Int", Port(remote));
        Put(attributes, "zipkin.debug", "Bool", span.Debug ? "true" : "");
        Put(attributes, "zipkin.shared", "Bool", span.Shared ? "true" : "");
        Put(attributes, "otel.zipkin.absentField.startTime", "Bool", span.Timestamp == 0 ? "true" : "");
        Put(attributes, "otel.zipkin.absentField.duration", "Bool", span.Duration == 0 ? "true" : "");
        var resource = new Dictionary<string, string>(StringComparer.Ordinal);
        Put(resource, "service.name", "String", service);
        Put(resource, "net.host.ip", "String", Address(local.Ipv4) + (local.Ipv4.IsEmpty ? Address(local.Ipv6) : ""));
        Put(resource, "zipkin.local.ipv6", "String", local.Ipv4.IsEmpty ? "" : Address(local.Ipv6));
        Put(resource, "net.host.port", "Int", Port(local));

        var earliest = span.Annotations.Where(annotation => annotation.Timestamp > 0).Select(annotation => annotation.Timestamp).DefaultIfEmpty().Min();
        var start = span.Timestamp > 0 ? span.Timestamp * 1_000 : earliest > 0 ? earliest * 1_000 : ZipkinCodec.Arrived.Value;
        return Describe(
            Convert.ToHexStringLower(span.TraceId.Span).PadLeft(32, '0'), Convert.ToHexStringLower(span.Id.Span),
            span.ParentId.IsEmpty || span.ParentId.Equals(span.Id) ? "" : Convert.ToHexStringLower(span.ParentId.Span).Replace("0000000000000000", ""),
            span.Kind == ZipkinSpan.Types.Kind.SpanKindUnspecified ? "Internal" : span.Kind.ToString(), span.Name, start, start + span.Duration * 1_000,
            status, message, span.Debug ? 1u : 0, state, scope, resource, attributes,
            span.Annotations.Select(annotation => $"{annotation.Timestamp * 1_000} {annotation.Value}"));
    }

    static string Describe(SpanBatch batch, int row)
    {
        var span = batch.Spans[row];
        var resource = batch.ResourceOf(row);
        return Describe(
            span.TraceId.ToString(), span.SpanId.ToString(), span.ParentSpanId.IsAbsent ? "" : span.ParentSpanId.ToString(), span.Kind.ToString(),
            batch.Strings.GetString(span.Name), span.Start.Value, span.End.Value,
            span.Status switch { StatusCode.Ok => "OK", StatusCode.Error => "ERROR", _ => "" }, batch.Strings.GetString(span.StatusMessage), span.Flags,
            batch.Strings.GetString(span.TraceState),
            $"{batch.Strings.GetString(batch.Scopes.Names[span.Scope])}@{batch.Strings.GetString(batch.Scopes.Versions[span.Scope])}",
            Attributes(batch, batch.Resources.Attributes, resource), Attributes(batch, batch.Spans.Attributes, row), Events(batch, row));
    }

    static string Describe(
        string traceId, string id, string parentId, string kind, string name, ulong start, ulong end, string status, string message, uint flags, string state, string scope,
        Dictionary<string, string> resource, Dictionary<string, string> attributes, IEnumerable<string> events) =>
        string.Join('\n', [
            $"{traceId} {id} {parentId} {kind} '{name}' {start} {end}", $"{status} '{message}' flags {flags} state '{state}' scope {scope}", "resource " + Text(resource),
            "attributes " + Text(attributes), .. events,
        ]);

    static string Text(Dictionary<string, string> attributes) =>
        string.Join(' ', attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).Select(attribute => $"{attribute.Key}={attribute.Value}"));

    static Dictionary<string, string> Attributes(SpanBatch batch, AttributeColumns columns, int owner)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = columns[owner].Start; at < columns[owner].End; at++)
            texts.Add(batch.Strings.GetString(columns.Keys[at]), $"{columns.Values[at].Kind}:{ValueText.Format(batch, columns.Values[at])}");
        return texts;
    }

    static IEnumerable<string> Events(SpanBatch batch, int row)
    {
        for (var at = batch.Events[row].Start; at < batch.Events[row].End; at++)
        {
            var attributes = Text(Attributes(batch, batch.Events.Attributes, at));
            yield return $"{batch.Events.Times[at]} {batch.Strings.GetString(batch.Events.Names[at])}{(attributes.Length > 0 ? " | " : "")}{attributes}";
        }
    }

    static void Put(Dictionary<string, string> attributes, string key, string kind, string value)
    {
        if (value.Length > 0)
            attributes.TryAdd(key, $"{kind}:{value}");
    }

    static string Address(Google.Protobuf.ByteString bytes) => bytes.Length is 4 or 16 ? new IPAddress(bytes.Span).ToString() : "";

    static string Port(Endpoint endpoint) => endpoint.Port == 0 ? "" : endpoint.Port.ToString(CultureInfo.InvariantCulture);
}
