using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>Distributed inference: a coordinator hands a prompt to compute nodes that run a few layers each and pass the tensor on.</summary>
internal sealed class InferenceTraces : IWorkloadTraces
{
    const string System = "butterfly";
    static readonly string[] Models = ["llama-3.3-70b", "qwen2.5-32b", "mixtral-8x7b", "phi-4"];
    static readonly string[] Priorities = ["normal", "normal", "high", "batch"];
    static readonly string[] Transports = ["rdma", "quic", "tcp"];
    static readonly string[] Kernels = ["attention_paged", "gemm_f16_tn", "rope_fused", "swiglu_fused"];

    readonly ServiceInstance[] _coordinators = ServiceInstance.Several(System, "butterfly-coordinator", "coordinator", 2, "2.3.0", "butterfly.coordination");
    readonly ServiceInstance[] _nodes = ServiceInstance.Nodes(System, "compute-node", 8, "2.3.0", "butterfly.compute");

    public IEnumerable<TraceDraft> Draw(SeededRandom random, long startNanos)
    {
        var trace = new TraceDraft(random, startNanos);
        var coordinator = random.Pick(_coordinators);
        var (model, tokens, term) = (random.Pick(Models), random.Next(16, 4_096), 40 + (startNanos / 10_000_000_000));
        var root = trace.Open(null, coordinator, "inference.request", SpanKind.Server);
        var request = trace.Mark("request.id", "req-");
        root.Set("model.name", model).Set("input.token_count", tokens).Set("request.priority", random.Pick(Priorities))
            .Set("consensus.term", term).Set("cluster.size", (long)_nodes.Length).Set("client.id", $"tenant-{random.Next(1, 60)}");
        trace.Work(80);
        root.Note("request.validated");
        Distribute(trace, random, coordinator, request);
        var nodeCount = (int)random.Next(5, _nodes.Length);
        var first = (int)random.Next(0, _nodes.Length - 1);
        SpanDraft? sent = null;
        for (var index = 0; index < nodeCount; index++)
            sent = Execute(trace, random, _nodes[(first + index) % _nodes.Length], sent, new Stage(index * 80 / nodeCount, 80 / nodeCount, tokens, model, request));
        Aggregate(trace, random, coordinator);
        TraceDraft.Close(root);
        if (random.Chance(0.012))
        {
            TraceDraft.Fail(
                trace.Spans[(int)random.Next(6, trace.Spans.Count - 3)], "OutOfMemoryError", $"out of memory: {random.Next(1, 40)} GiB requested, {random.Next(1, 900)} MiB free");
        }

        return [trace];
    }

    readonly record struct Stage(int LayerFirst, int LayerCount, long TokenCount, string Model, UniqueText Request)
    {
        public long TensorBytes => TokenCount * 8_192 * 2;
    }

    void Distribute(TraceDraft trace, SeededRandom random, ServiceInstance coordinator, UniqueText request)
    {
        var distribute = trace.Open(trace.Root, coordinator, "coordination.distribute");
        distribute.Set("request.id", request).Set("partition.strategy", "layer_wise").Set("load_balancing.algorithm", "least_outstanding");
        trace.Step(distribute, coordinator, "partition.analyze", 420).Set("model.layer_count", 80L);
        trace.Step(distribute, coordinator, "schedule.assign", 260).Set("node.candidates", (long)_nodes.Length).Set("schedule.score", Math.Round(random.NextDouble(), 4));
        TraceDraft.Close(distribute);
    }

    static SpanDraft Execute(TraceDraft trace, SeededRandom random, ServiceInstance node, SpanDraft? sender, Stage stage)
    {
        var device = $"cuda:{random.Next(0, 7)}";
        if (sender is not null)
        {
            trace.Work(90);
            var receive = trace.Step(trace.Root, node, "comm.receive_tensor", 640, SpanKind.Consumer);
            receive.Set("node.id", node.Instance).Set("source.node_id", sender.Service.Instance).Set("tensor.size_bytes", stage.TensorBytes);
            (receive.LinkedTo, receive.LinkReason) = (sender, "received_from");
        }

        var execute = trace.Open(trace.Root, node, "layer.execute", SpanKind.Server);
        execute.Set("node.id", node.Instance).Set("request.id", stage.Request).Set("model.name", stage.Model)
            .Set("layer.first", (long)stage.LayerFirst).Set("layer.count", (long)stage.LayerCount).Set("execution.device", device);
        trace.Step(execute, node, "memory.allocate", 130)
            .Set("memory.requested_bytes", stage.TensorBytes * 3).Set("memory.free_bytes", random.Next(1L << 28, 1L << 36)).Set("execution.device", device);
        Forward(trace, random, execute, stage, device);
        var send = trace.Open(execute, node, "comm.send_tensor", SpanKind.Producer);
        send.Set("node.id", node.Instance).Set("tensor.size_bytes", stage.TensorBytes).Set("network.transport", random.Pick(Transports))
            .Set("compression.algorithm", "lz4").Set("compression.ratio", Math.Round(1.1 + (random.NextDouble() * 2), 3));
        send.Note("serialization.started");
        trace.Work(1_500);
        send.Note("network.sent", new SpanAttribute("network.bytes", stage.TensorBytes * 10 / random.Next(11, 30)));
        TraceDraft.Close(send);
        TraceDraft.Close(execute);
        return send;
    }

    static void Forward(TraceDraft trace, SeededRandom random, SpanDraft execute, Stage stage, string device)
    {
        var forward = trace.Open(execute, execute.Service, "computation.forward");
        forward.Set("layer.first", (long)stage.LayerFirst).Set("execution.device", device).Set("input.shape", $"[1,{stage.TokenCount},8192]")
            .Set("gpu.utilization", Math.Round(0.35 + (0.6 * random.NextDouble()), 4)).Set("memory.peak_bytes", (stage.TensorBytes * 3) + random.Next(0, 1 << 26))
            .Set("computation.flops", 1.2e9 * stage.TokenCount * stage.LayerCount * (0.95 + (0.1 * random.NextDouble())));
        forward.Note("computation.started");
        trace.Work(900);
        forward.Note("kernel.launched", new SpanAttribute("kernel.name", random.Pick(Kernels)), new SpanAttribute("kernel.grid", random.Next(64, 8_192)));
        trace.Work(stage.LayerCount * 2_400.0, 0.6);
        forward.Note("computation.completed");
        TraceDraft.Close(forward);
    }

    static void Aggregate(TraceDraft trace, SeededRandom random, ServiceInstance coordinator)
    {
        var aggregate = trace.Open(trace.Root, coordinator, "inference.aggregate");
        trace.Work(2_000);
        trace.Step(aggregate, coordinator, "result.serialize", 700).Set("result.format", "json").Set("result.size_bytes", random.Next(400, 60_000));
        TraceDraft.Close(aggregate);
        trace.Root.Set("output.token_count", random.Next(8, 2_048));
    }
}
