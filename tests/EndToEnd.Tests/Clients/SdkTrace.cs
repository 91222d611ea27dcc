using System.Diagnostics;
using Clew.EndToEnd.Tests.Wire;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>A trace with everything that the OpenTelemetry .NET SDK can emit, sent through its OTLP exporter.</summary>
internal sealed class SdkTrace
{
    /// <summary>What is set on the activity, and what OTLP makes of it.</summary>
    static readonly (string Key, object Sent, object? Arrives)[] Values =
    [
        ("string", "text", "text"),
        ("string.empty", "", ""),
        ("string.unicode", "naïve 🧵 \u0001\t\"\\", "naïve 🧵 \u0001\t\"\\"),
        ("string.long", new string('x', 20_000), new string('x', 20_000)),
        ("char", 'ü', "ü"),
        ("bool.true", true, true),
        ("bool.false", false, false),
        ("byte", (byte)200, 200L),
        ("sbyte", (sbyte)-100, -100L),
        ("short", (short)-30_000, -30_000L),
        ("ushort", (ushort)60_000, 60_000L),
        ("int", -42, -42L),
        ("uint", 4_000_000_000u, 4_000_000_000L),
        ("long.max", long.MaxValue, long.MaxValue),
        ("long.min", long.MinValue, long.MinValue),
        ("long.zero", 0L, 0L),
        ("float", 0.5f, 0.5),
        ("double", 0.1, 0.1),
        ("double.tiny", double.Epsilon, double.Epsilon),
        ("double.nan", double.NaN, double.NaN),
        ("double.infinite", double.NegativeInfinity, double.NegativeInfinity),
        ("strings", new[] { "a", "", "ü" }, new object?[] { "a", "", "ü" }),
        ("strings.with.null", new[] { "a", null, "b" }, new object?[] { "a", null, "b" }),
        ("bools", new[] { true, false }, new object?[] { true, false }),
        ("ints", new[] { 1, -2, 3 }, new object?[] { 1L, -2L, 3L }),
        ("longs", new[] { long.MinValue, 0L, long.MaxValue }, new object?[] { long.MinValue, 0L, long.MaxValue }),
        ("floats", new[] { 0.5f, -1.25f }, new object?[] { 0.5, -1.25 }),
        ("doubles", new[] { 0.1, double.PositiveInfinity, double.NaN }, new object?[] { 0.1, double.PositiveInfinity, double.NaN }),
        ("list.empty", Array.Empty<string>(), Array.Empty<object?>()),
    ];

    readonly List<Activity> _finished = [];

    readonly OtlpResource _resource;

    SdkTrace(string service) => _resource = new OtlpResource(
    [
        new("service.name", service), new("service.instance.id", "dotnet-1"), new("host.cpu.count", 2L), new("host.load", 0.25), new("host.is.virtual", true),
    ]);

    /// <summary>32 hexadecimal digits.</summary>
    public string TraceId { get; } = ActivityTraceId.CreateRandom().ToHexString();

    /// <summary>What the exporter was given, as OTLP describes it.</summary>
    public IEnumerable<OtlpSpan> Expected => _finished.Select(Expect);

    /// <summary>Records the trace and waits until the exporter has sent it.</summary>
    public static SdkTrace Send(Uri receiver, OtlpExportProtocol protocol, OtlpExportCompression compression)
    {
        var trace = new SdkTrace($"dotnet-{protocol}-{compression}");
        var sourceName = $"clew.tests.dotnet.{trace.TraceId}";
        using var source = new ActivitySource(new ActivitySourceOptions(sourceName)
        {
            Version = "1.2.3",
            Tags = [new("scope.text", "α"), new("scope.number", 7)],
        });
        using var provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(
                trace._resource.Attributes.Select(KeyValuePair<string, object> (entry) => new(entry.Key, entry.Value!))))
            .AddSource(sourceName)
            .SetSampler(new AlwaysOnSampler())
            .AddProcessor(new Witness(trace._finished))
            .AddOtlpExporter(options =>
            {
                options.Endpoint = protocol == OtlpExportProtocol.Grpc ? receiver : new Uri(receiver, "/v1/traces");
                options.Protocol = protocol;
                options.Compression = compression;
            })
            .Build();
        trace.Record(source);
        Assert.True(provider.ForceFlush(30_000), "The exporter could not flush.");
        return trace;
    }

    void Record(ActivitySource source)
    {
        // Whatever runs around the test must not become a parent.
        Activity.Current = null;
        var caller = Remote(TraceId, "00f067aa0ba902b7", "rojo=00f067aa0ba902b7,butterfly=t61rcWkgMzE");
        using var root = source.StartActivity("GET /каталог?q=🧶", ActivityKind.Server, caller)!;
        using (var types = source.StartActivity("every attribute type")!)
        {
            foreach (var (key, sent, _) in Values)
                types.SetTag(key, sent);
        }

        foreach (var kind in Enum.GetValues<ActivityKind>())
            source.StartActivity($"kind {kind}", kind)!.Dispose();
        RecordEvents(source);
        RecordLinks(source, root.Context);
        using (var crowded = source.StartActivity("more than the SDK keeps")!)
        {
            for (var index = 0; index < 140; index++)
                crowded.SetTag($"crowd.{index:000}", index).AddEvent(new ActivityEvent($"event {index}"));
        }
    }

    static void RecordEvents(ActivitySource source)
    {
        using var failed = source.StartActivity("with events and an error")!;
        failed.AddEvent(new ActivityEvent("first"));
        failed.AddEvent(new ActivityEvent("second", tags: new ActivityTagsCollection
        {
            ["retry.count"] = 3, ["retry.delays"] = new[] { 0.5, 1.5 }, ["retry.last"] = true, ["peer"] = "node-7",
        }));
        failed.AddException(new InvalidOperationException("the peer answered ✗"));
        failed.SetStatus(ActivityStatusCode.Error, "the peer answered ✗");
    }

    static void RecordLinks(ActivitySource source, ActivityContext sibling)
    {
        var remote = Remote("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "congo=t61rcWkgMzE");
        ActivityLink[] links =
        [
            new(remote, new ActivityTagsCollection
            {
                ["link.kind"] = "follows", ["link.weight"] = 0.75, ["link.index"] = 2, ["link.hops"] = new[] { "a", "b" },
            }),
            new(sibling),
        ];
        using var linked = source.StartActivity("with links", ActivityKind.Internal, parentContext: default, links: links)!;
        linked.SetStatus(ActivityStatusCode.Ok);
    }

    static ActivityContext Remote(string traceId, string spanId, string traceState) =>
        new(ActivityTraceId.CreateFromString(traceId), ActivitySpanId.CreateFromString(spanId), ActivityTraceFlags.Recorded, traceState, isRemote: true);

    OtlpSpan Expect(Activity activity)
    {
        var attributes = activity.TagObjects.Select(tag => Expect(tag.Key, tag.Value)).ToArray();
        var events = activity.Events.Select(occurred => new OtlpEvent(Nanos(occurred.Timestamp.UtcDateTime), occurred.Name, Expect(occurred.Tags))).ToArray();
        // The SDK's limits (128 attributes, 128 events, 128 links of a span) are its defaults: it sends the first ones and says how many it left out.
        return new OtlpSpan
        {
            TraceId = activity.TraceId.ToHexString(),
            SpanId = activity.SpanId.ToHexString(),
            ParentSpanId = activity.ParentSpanId == default ? "" : activity.ParentSpanId.ToHexString(),
            TraceState = activity.TraceStateString ?? "",
            Flags = Flags(activity.ActivityTraceFlags, activity.HasRemoteParent),
            Name = activity.DisplayName,
            Kind = (int)activity.Kind + 1,
            StartNanos = Nanos(activity.StartTimeUtc),
            EndNanos = Nanos(activity.StartTimeUtc + activity.Duration),
            Attributes = [.. attributes.Take(128)],
            DroppedAttributesCount = Math.Max(0, attributes.Length - 128),
            Events = [.. events.Take(128)],
            DroppedEventsCount = Math.Max(0, events.Length - 128),
            Links = [.. activity.Links.Select(link => Expect(link.Context, link.Tags ?? []))],
            StatusCode = (int)activity.Status,
            StatusMessage = activity.StatusDescription ?? "",
            Resource = _resource,
            Scope = new OtlpScope(activity.Source.Name, activity.Source.Version ?? "") { Attributes = Expect(activity.Source.Tags ?? []) },
        };
    }

    static OtlpLink Expect(ActivityContext linked, IEnumerable<KeyValuePair<string, object?>> tags) =>
        new(linked.TraceId.ToHexString(), linked.SpanId.ToHexString(), linked.TraceState ?? "", Flags(linked.TraceFlags, linked.IsRemote), Expect(tags));

    static OtlpAttribute[] Expect(IEnumerable<KeyValuePair<string, object?>> tags) => [.. tags.Select(tag => Expect(tag.Key, tag.Value))];

    static OtlpAttribute Expect(string key, object? value) => Values.FirstOrDefault(row => row.Key == key) is { Key: not null } known
        ? new OtlpAttribute(key, known.Arrives)
        : new OtlpAttribute(key, value switch
        {
            int number => (long)number,
            double[] numbers => numbers.Cast<object?>().ToArray(),
            string[] texts => texts.Cast<object?>().ToArray(),
            _ => value,
        });

    // Bit 0x100 says that 0x200, "the parent is remote", is known.
    static uint Flags(ActivityTraceFlags flags, bool isRemote) => (uint)flags | 0x100 | (isRemote ? 0x200u : 0);

    static long Nanos(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    sealed class Witness(List<Activity> finished) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => finished.Add(data);
    }
}
