using System.Text.Json;
using System.Text.RegularExpressions;

namespace Clew.Server.Tests;

/// <summary>What zipkin2-api.yaml says about a list of spans, as a check that knows nothing of the code under test.</summary>
internal static partial class ZipkinSchema
{
    static readonly string[] SpanKeys =
        ["traceId", "parentId", "id", "kind", "name", "timestamp", "duration", "localEndpoint", "remoteEndpoint", "annotations", "tags", "debug", "shared"];

    public static void CheckSpans(JsonElement list)
    {
        Assert.Equal(JsonValueKind.Array, list.ValueKind);
        foreach (var span in list.EnumerateArray())
            CheckSpan(span);
    }

    static void CheckSpan(JsonElement span)
    {
        CheckKeys(span, SpanKeys);
        Assert.Matches(TraceId(), span.GetProperty("traceId").GetString());
        Assert.Matches(Id(), span.GetProperty("id").GetString());
        if (span.TryGetProperty("parentId", out var parent))
            Assert.Matches(Id(), parent.GetString());
        if (span.TryGetProperty("kind", out var kind))
            Assert.Contains(kind.GetString(), new[] { "CLIENT", "SERVER", "PRODUCER", "CONSUMER" });
        if (span.TryGetProperty("name", out var name))
            Assert.Equal(name.GetString()!.ToLowerInvariant(), name.GetString());
        foreach (var time in (string[])["timestamp", "duration"])
        {
            if (span.TryGetProperty(time, out var micros))
                Assert.InRange(micros.GetInt64(), 1, long.MaxValue);
        }

        foreach (var side in (string[])["localEndpoint", "remoteEndpoint"])
        {
            if (span.TryGetProperty(side, out var endpoint))
                CheckEndpoint(endpoint);
        }

        if (span.TryGetProperty("annotations", out var annotations))
            Assert.All(annotations.EnumerateArray(), CheckAnnotation);
        if (span.TryGetProperty("tags", out var tags))
        {
            Assert.All(tags.EnumerateObject(), tag => Assert.Equal(JsonValueKind.String, tag.Value.ValueKind));
            Assert.Equal(tags.EnumerateObject().Select(tag => tag.Name).Distinct().Count(), tags.EnumerateObject().Count());
        }

        foreach (var flag in (string[])["debug", "shared"])
        {
            if (span.TryGetProperty(flag, out var value))
                Assert.True(value.GetBoolean());
        }
    }

    static void CheckEndpoint(JsonElement endpoint)
    {
        CheckKeys(endpoint, ["serviceName", "ipv4", "ipv6", "port"]);
        Assert.NotEmpty(endpoint.EnumerateObject());
        if (endpoint.TryGetProperty("serviceName", out var name))
            Assert.Equal(name.GetString()!.ToLowerInvariant(), name.GetString());
        if (endpoint.TryGetProperty("ipv4", out var ipv4))
            Assert.Matches(Ipv4(), ipv4.GetString());
        if (endpoint.TryGetProperty("ipv6", out var ipv6))
            Assert.Contains(":", ipv6.GetString(), StringComparison.Ordinal);
        if (endpoint.TryGetProperty("port", out var port))
            Assert.InRange(port.GetInt32(), 1, 65_535);
    }

    static void CheckAnnotation(JsonElement annotation)
    {
        CheckKeys(annotation, ["timestamp", "value"]);
        Assert.Equal(JsonValueKind.String, annotation.GetProperty("value").ValueKind);
        if (annotation.TryGetProperty("timestamp", out var micros))
            Assert.InRange(micros.GetInt64(), 1, long.MaxValue);
    }

    // Every key once, and none that Zipkin does not have; nothing is null.
    static void CheckKeys(JsonElement element, string[] known)
    {
        var keys = element.EnumerateObject().Select(member => member.Name).ToArray();
        Assert.Empty(keys.Except(known));
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(element.EnumerateObject(), member => Assert.NotEqual(JsonValueKind.Null, member.Value.ValueKind));
    }

    [GeneratedRegex("^([0-9a-f]{16}|[0-9a-f]{32})$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex TraceId();

    [GeneratedRegex("^[0-9a-f]{16}$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Id();

    [GeneratedRegex(@"^\d{1,3}(\.\d{1,3}){3}$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Ipv4();
}
