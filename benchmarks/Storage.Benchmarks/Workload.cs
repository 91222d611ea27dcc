using System.Globalization;
using Clew.Model;

namespace Clew.Storage.Benchmarks;

/// <summary>Batches as a collector of distributed inference would send them: 500 spans of one service instance, six attributes each, traces of about 25 spans that are spread over batches.</summary>
internal sealed class Workload(int seed)
{
    const int OpenTraces = 400, SpansPerTrace = 25;

    static readonly string[] Services = ["coordinator", "compute-node", "gateway", "orchestrator", "llm", "peer", "kvcache"];
    static readonly string[] Names = ["inference.request", "partition.analyze", "layer.execute", "memory.allocate", "computation.forward", "comm.send_tensor", "comm.receive_tensor", "result.serialize"];
    static readonly string[] Models = ["llama-3.1-70b", "llama-3.1-8b", "mixtral-8x22b", "qwen2.5-72b", "deepseek-v3"];

    readonly Random _random = new(seed);
    readonly List<OpenTrace> _open = [];
    ulong _now = 1_750_000_000_000_000_000;

    /// <summary>Traces that are complete, for looking them up.</summary>
    public List<TraceId> Finished { get; } = [];

    /// <summary>The unique attribute value of each finished trace.</summary>
    public List<string> RequestIds { get; } = [];

    public SpanBatch Next(int spanCount)
    {
        var batch = new SpanBatch();
        var service = _random.Next(Services.Length);
        var instance = _random.Next(4);
        AddText(batch, batch.Resources.Attributes, "service.name", Services[service]);
        AddText(batch, batch.Resources.Attributes, "service.instance.id", $"{Services[service]}-{instance}");
        AddText(batch, batch.Resources.Attributes, "host.name", $"node-{instance}.example.internal");
        var resource = batch.Resources.End(0, 0);
        batch.Scopes.End(resource, batch.Strings.Intern("engine.tracer"), batch.Strings.Intern("1.4.0"), 0, 0);
        for (var span = 0; span < spanCount; span++)
            AddSpan(batch);
        return batch;
    }

    void AddSpan(SpanBatch batch)
    {
        while (_open.Count < OpenTraces)
            _open.Add(new OpenTrace(new TraceId(Word(), Word()), "req-" + Word().ToString("x16", CultureInfo.InvariantCulture), _now));
        var at = _random.Next(_open.Count);
        var trace = _open[at];
        _now += (ulong)_random.Next(1, 4_000);
        var start = trace.Start + (ulong)_random.Next(1, 50_000_000);
        var id = new SpanId(Word());
        var attributes = batch.Spans.Attributes;
        AddText(batch, attributes, "model.name", Models[(int)(trace.Id.Low % 5)]);
        AddText(batch, attributes, "request.id", trace.RequestId);
        AddText(batch, attributes, "execution.device", "cuda:" + _random.Next(8));
        attributes.Add(batch.Strings.Intern("layer.id"), AnyValue.OfInt(_random.Next(80)));
        attributes.Add(batch.Strings.Intern("tensor.size_bytes"), AnyValue.OfInt(_random.Next(1 << 24)));
        attributes.Add(batch.Strings.Intern("kernel.occupancy"), AnyValue.OfDouble(Math.Round(_random.NextDouble(), 4)));
        if (_random.Next(4) == 0)
        {
            AddText(batch, batch.Events.Attributes, "kernel.name", "flash_attn_fwd");
            batch.Events.Add(new UnixNanos(start + 1_000), batch.Strings.Intern("kernel.launched"), 0);
        }

        batch.EndSpan(new SpanRow
        {
            TraceId = trace.Id,
            SpanId = id,
            ParentSpanId = trace.Parent,
            Start = new UnixNanos(start),
            End = new UnixNanos(start + (ulong)_random.Next(10_000, 40_000_000)),
            Name = batch.Strings.Intern(Names[_random.Next(Names.Length)]),
            Kind = (SpanKind)_random.Next(1, 6),
            Status = _random.Next(100) == 0 ? StatusCode.Error : StatusCode.Unset,
            Flags = 0x101,
        });
        if (trace.SpanCount == 0 || _random.Next(3) == 0)
            trace.Parent = id;
        if (++trace.SpanCount < SpansPerTrace)
            return;
        _open.RemoveAt(at);
        if (Finished.Count < 200_000)
        {
            Finished.Add(trace.Id);
            RequestIds.Add(trace.RequestId);
        }
    }

    static void AddText(SpanBatch batch, AttributeColumns to, string key, string value) =>
        to.Add(batch.Strings.Intern(key), AnyValue.OfString(batch.Strings.Intern(value)));

    ulong Word() => (ulong)_random.NextInt64(long.MinValue, long.MaxValue);

    sealed class OpenTrace(TraceId id, string requestId, ulong start)
    {
        public TraceId Id => id;
        public string RequestId => requestId;
        public ulong Start => start;
        public SpanId Parent { get; set; }
        public int SpanCount { get; set; }
    }
}
