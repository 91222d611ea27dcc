using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Clew.Model;
using Clew.Otlp;

namespace Clew.Cli.Tests.Terminal;

/// <summary>A small trace written down as OTLP/JSON, as the API answers it: ids are small numbers, times are milliseconds.</summary>
internal sealed class OtlpTrace
{
    const ulong Epoch = 1_795_222_326_000_000_000;
    readonly JsonArray _resources = [];
    JsonArray _spans = [];

    public static TraceId Id { get; } = new(0x4bf92f3577b34da6, 0xa3ce929d0e0e4736);

    public OtlpTrace Service(string name)
    {
        _spans = [];
        _resources.Add(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = new JsonArray(Text("service.name", name)) },
            ["scopeSpans"] = new JsonArray(new JsonObject { ["scope"] = new JsonObject { ["name"] = "tests" }, ["spans"] = _spans }),
        });
        return this;
    }

    public OtlpTrace Span(ulong id, ulong parent, string name, double start, double end, string? error = null, JsonArray? attributes = null, JsonArray? events = null, JsonArray? links = null)
    {
        _spans.Add(new JsonObject
        {
            ["traceId"] = Id.ToString(),
            ["spanId"] = new SpanId(id).ToString(),
            ["parentSpanId"] = parent == 0 ? "" : new SpanId(parent).ToString(),
            ["name"] = name,
            ["kind"] = 2,
            ["startTimeUnixNano"] = Time(start),
            ["endTimeUnixNano"] = Time(end),
            ["status"] = error is null ? new JsonObject() : new JsonObject { ["code"] = 2, ["message"] = error },
            ["attributes"] = attributes ?? [],
            ["events"] = events ?? [],
            ["links"] = links ?? [],
        });
        return this;
    }

    public static JsonObject Text(string key, string value) => new() { ["key"] = key, ["value"] = new JsonObject { ["stringValue"] = value } };

    public static JsonObject Event(double at, string name, params JsonNode[] attributes) =>
        new() { ["timeUnixNano"] = Time(at), ["name"] = name, ["attributes"] = new JsonArray(attributes) };

    public Trace Assemble()
    {
        var batch = new SpanBatch();
        var json = new JsonObject { ["resourceSpans"] = _resources.DeepClone() }.ToJsonString();
        Assert.True(ExportRequestJsonReader.TryRead(Encoding.UTF8.GetBytes(json), new OtlpLimits(), batch, out _, out var error), error?.ToString());
        return Trace.Assemble(Id, batch);
    }

    static string Time(double millis) => (Epoch + (ulong)Math.Round(millis * 1e6)).ToString(CultureInfo.InvariantCulture);
}
