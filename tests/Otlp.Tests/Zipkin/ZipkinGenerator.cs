using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Zipkin.Proto3;
using ZipkinSpan = Zipkin.Proto3.Span;

namespace Clew.Otlp.Tests.Zipkin;

/// <summary>Lists of Zipkin spans with everything that Zipkin can say, and their JSON.</summary>
sealed class ZipkinGenerator(Random random)
{
    static readonly string[] Words = ["get /", "", "ünïcode 🧶", "a\"b\\c", "checkout", "db.query", "true", "x: {", "x: {}", "17"];
    static readonly string[] Keys =
    [
        "error", "otel.status_code", "otel.scope.name", "otel.library.name", "otel.scope.version", "w3c.tracestate", "service.name", "peer.service", "net.peer.ip", "net.peer.port",
        "http.method", "", "ключ", "lc", "component",
    ];

    static readonly JsonSerializerOptions[] Spellings =
    [
        new() { Encoder = JavaScriptEncoder.Default }, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true },
    ];

    public ListOfSpans List()
    {
        var list = new ListOfSpans();
        for (var count = random.Next(1, 6); count > 0; count--)
            list.Spans.Add(Span());
        return list;
    }

    /// <summary>The same as JSON, in one of the spellings that senders use.</summary>
    public byte[] Json(ListOfSpans list)
    {
        var array = new JsonArray([.. list.Spans.Select(JsonOf)]);
        return JsonSerializer.SerializeToUtf8Bytes(array, Spellings[random.Next(Spellings.Length)]);
    }

    ZipkinSpan Span()
    {
        var span = new ZipkinSpan { TraceId = Id(random.Next(2) == 0 ? 8 : 16), Id = Id(8), Kind = (ZipkinSpan.Types.Kind)random.Next(5), Name = Word() };
        span.ParentId = random.Next(4) switch { 0 => ByteString.Empty, 1 => span.Id, 2 => ByteString.CopyFrom(new byte[8]), _ => Id(8) };
        span.Timestamp = random.Next(4) == 0 ? 0 : Micros();
        span.Duration = random.Next(3) == 0 ? 0 : (ulong)random.Next(1, 1_000_000);
        if (random.Next(4) > 0)
            span.LocalEndpoint = Endpoint();
        if (random.Next(2) > 0)
            span.RemoteEndpoint = Endpoint();
        for (var count = random.Next(4); count > 0; count--)
            span.Annotations.Add(new Annotation { Timestamp = random.Next(5) == 0 ? 0 : Micros(), Value = Word() });
        for (var count = random.Next(6); count > 0; count--)
            span.Tags[Keys[random.Next(Keys.Length)]] = random.Next(4) switch { 0 => "OK", 1 => "false", 2 => "ERROR", _ => Word() };
        span.Debug = random.Next(4) == 0;
        span.Shared = random.Next(4) == 0;
        return span;
    }

    Endpoint Endpoint()
    {
        var endpoint = new Endpoint { ServiceName = Word(), Port = random.Next(2) == 0 ? 0 : random.Next(65_536) };
        if (random.Next(2) == 0)
            endpoint.Ipv4 = Id(4);
        if (random.Next(3) == 0)
            endpoint.Ipv6 = Id(16);
        return endpoint;
    }

    JsonObject JsonOf(ZipkinSpan span)
    {
        var json = new JsonObject { ["id"] = Hex(span.Id), ["futureKey"] = new JsonArray(1, null, new JsonObject()), ["traceId"] = Hex(span.TraceId) };
        if (!span.ParentId.IsEmpty || random.Next(2) == 0)
            json["parentId"] = span.ParentId.IsEmpty ? null : Hex(span.ParentId);
        if (span.Kind != ZipkinSpan.Types.Kind.SpanKindUnspecified)
            json["kind"] = span.Kind.ToString().ToUpperInvariant();
        if (span.Tags.Count > 0)
            json["tags"] = new JsonObject(span.Tags.Select(tag => new KeyValuePair<string, JsonNode?>(tag.Key, tag.Value)));
        json["name"] = span.Name;
        json["timestamp"] = Number(span.Timestamp);
        json["duration"] = Number(span.Duration);
        if (span.LocalEndpoint is { } local)
            json["localEndpoint"] = JsonOf(local);
        if (span.RemoteEndpoint is { } remote)
            json["remoteEndpoint"] = JsonOf(remote);
        if (span.Annotations.Count > 0)
            json["annotations"] = new JsonArray([.. span.Annotations.Select(annotation => random.Next(2) == 0
                ? new JsonObject { ["timestamp"] = Number(annotation.Timestamp), ["value"] = annotation.Value }
                : new JsonObject { ["value"] = annotation.Value, ["timestamp"] = Number(annotation.Timestamp) })]);
        if (span.Debug || random.Next(2) == 0)
            json["debug"] = span.Debug;
        if (span.Shared || random.Next(2) == 0)
            json["shared"] = span.Shared;
        return json;
    }

    static JsonObject JsonOf(Endpoint endpoint)
    {
        var json = new JsonObject { ["port"] = endpoint.Port, ["serviceName"] = endpoint.ServiceName };
        if (!endpoint.Ipv4.IsEmpty)
            json["ipv4"] = new System.Net.IPAddress(endpoint.Ipv4.Span).ToString();
        if (!endpoint.Ipv6.IsEmpty)
            json["ipv6"] = new System.Net.IPAddress(endpoint.Ipv6.Span).ToString();
        return json;
    }

    JsonNode? Number(ulong number) => random.Next(4) switch
    {
        0 when number == 0 => null,
        1 => number.ToString(CultureInfo.InvariantCulture),
        2 => (decimal)number + (number > 0 ? 0.25m : 0),
        _ => number,
    };

    string Hex(ByteString bytes)
    {
        var text = random.Next(2) == 0 ? Convert.ToHexString(bytes.Span) : Convert.ToHexStringLower(bytes.Span);
        return random.Next(3) == 0 ? text.TrimStart('0').PadLeft(1, '0') : text;
    }

    ByteString Id(int bytes)
    {
        var id = new byte[bytes];
        random.NextBytes(id);
        if (random.Next(3) == 0)
            id[0] = 0;
        id[^1] |= 1;
        return ByteString.CopyFrom(id);
    }

    ulong Micros() => 1_700_000_000_000_000UL + (ulong)random.Next(1, 1_000_000_000);

    string Word() => Words[random.Next(Words.Length)];
}
