using System.Diagnostics;
using static Clew.Cli.Demo.Simulation;

namespace Clew.Cli.Demo;

/// <summary>Holds some layers of the model and computes them, one request at a time.</summary>
internal sealed class ComputeNode(ButterflyCluster cluster, InstrumentedService service) : IDisposable
{
    const long ActivationBytes = 16_777_216;
    const double CompressionRatio = 2.4;
    static readonly long CompressedBytes = (long)(ActivationBytes / CompressionRatio);

    readonly SemaphoreSlim _device = new(1);

    public InstrumentedService Service => service;

    public string Id => service.Instance;

    /// <summary>Sends a tensor from one process to another and waits for the acknowledgement.</summary>
    /// <param name="request">Headers of the request that this is part of; the span of sending becomes the parent of the receiver's.</param>
    /// <returns>The span under which it arrived.</returns>
    public static async Task<ActivityContext> SendTensorAsync(
        ButterflyCluster cluster, InstrumentedService from, InstrumentedService to, MessageHeaders request, int hops, CancellationToken cancellation)
    {
        using var send = from.StartRemote(request, "comm.send_tensor", ActivityKind.Producer);
        cluster.Stamp(send, from.Instance, hops);
        send.SetTags(
            ("from.node_id", from.Instance), ("to.node_id", to.Instance), ("tensor.size_bytes", ActivationBytes), ("tensor.shape", "[32, 128, 4096]"),
            ("tensor.dtype", "float32"), ("protocol", "quic"), ("compression.enabled", true), ("compression.algorithm", "zstd"), ("compression.ratio", CompressionRatio));
        send.AddEvent("serialization.started");
        await WorkAsync(2, cancellation);
        send.AddEvent("compression.applied", ("ratio", CompressionRatio), ("compressed_bytes", CompressedBytes));
        var sentAt = Stopwatch.GetTimestamp();
        send.AddEvent("network.sent", ("bytes", CompressedBytes));
        var arrival = await SendAsync(send, headers => ReceiveTensorAsync(cluster, from.Instance, to, headers, hops + 1, cancellation));
        send.AddEvent("acknowledgment.received", ("latency_ms", Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds));
        return arrival;
    }

    /// <summary>Computes layers on a tensor that has arrived.</summary>
    /// <param name="request">Headers of the request: the layers are its parts. What delivered the tensor has ended, so it is linked.</param>
    /// <returns>The span of the last layer.</returns>
    /// <exception cref="SimulatedFault">A layer failed.</exception>
    public async Task<ActivityContext> ExecuteAsync(MessageHeaders request, ActivityContext arrival, LayerRun run, int hops, CancellationToken cancellation)
    {
        await _device.WaitAsync(cancellation);
        try
        {
            var last = arrival;
            for (var layer = run.LayerFirst; layer < run.LayerFirst + run.LayerCount; layer++)
                last = await ExecuteLayerAsync(request, last, layer, run, hops, cancellation);
            return last;
        }
        finally
        {
            _device.Release();
        }
    }

    public void Dispose() => _device.Dispose();

    async Task<ActivityContext> ExecuteLayerAsync(MessageHeaders request, ActivityContext input, int layer, LayerRun run, int hops, CancellationToken cancellation)
    {
        ActivityLink[] links = layer == run.LayerFirst ? [new ActivityLink(input, new ActivityTagsCollection { ["link.reason"] = "input" })] : [];
        using var execute = service.StartRemote(request, "layer.execute", ActivityKind.Internal, links);
        cluster.Stamp(execute, Id, hops);
        execute.SetTags(
            ("layer.id", layer), ("layer.type", layer == 0 ? "embedding" : "transformer_block"), ("node.id", Id), ("input.shape", "[32, 128, 4096]"),
            ("output.shape", "[32, 128, 4096]"), ("execution.device", "cuda:0"), ("memory.peak_bytes", 4_294_967_296L), ("flops.estimated", 8_796_093_022_208L));
        if (run.ChunkIndex is { } chunk)
            execute.SetTag("chunk.index", chunk);
        try
        {
            await AllocateAsync(run, cancellation);
            await ForwardAsync(execute, layer, run, cancellation);
        }
        catch (SimulatedFault fault)
        {
            execute.Fail(fault);
            throw;
        }

        if (run.IsByzantine)
            execute.SetTag("activation.hash", NewId("f"));
        return execute.Context;
    }

    async Task AllocateAsync(LayerRun run, CancellationToken cancellation)
    {
        using var allocate = service.Start("memory.allocate");
        allocate.SetTags(("memory.bytes", 4_294_967_296L), ("memory.pool", "tensor"));
        await WorkAsync(run.LayerMillis / 8, cancellation);
        allocate.AddEvent("memory.allocated", ("bytes", 4_294_967_296L), ("pool", "tensor"));
    }

    async Task ForwardAsync(Activity execute, int layer, LayerRun run, CancellationToken cancellation)
    {
        using var forward = service.Start("computation.forward");
        try
        {
            execute.AddEvent("computation.started", ("device.id", "cuda:0"));
            forward.AddEvent("kernel.launched", ("kernel.name", "matmul_kernel"), ("grid_size", "[1024, 1024, 1]"));
            if (run.IsStraggling && layer == run.LayerFirst)
            {
                forward.AddEvent("device.throttled", ("device.temperature_celsius", 94), ("device.clock_mhz", 510));
                await WorkAsync(run.LayerMillis * 25, cancellation);
            }

            await WorkAsync(run.LayerMillis, cancellation);
            if (run.IsFailing && layer == run.LayerFirst)
                throw new SimulatedFault($"CUDA out of memory on {Id}: tried to allocate 4.00 GiB for layer {layer}, 1.37 GiB are free");
            execute.AddEvent("computation.completed", ("flops.actual", 8_796_093_022_208L));
        }
        catch (SimulatedFault fault)
        {
            forward.Fail(fault);
            throw;
        }
    }

    static async Task<ActivityContext> ReceiveTensorAsync(
        ButterflyCluster cluster, string from, InstrumentedService to, MessageHeaders headers, int hops, CancellationToken cancellation)
    {
        using var receive = to.StartRemote(headers, "comm.receive_tensor", ActivityKind.Consumer);
        cluster.Stamp(receive, to.Instance, hops);
        receive.SetTags(("from.node_id", from), ("to.node_id", to.Instance), ("bytes.received", CompressedBytes), ("decompression.enabled", true));
        await WorkAsync(3, cancellation);
        receive.AddEvent("network.received", ("bytes", CompressedBytes));
        await WorkAsync(1, cancellation);
        receive.AddEvent("decompression.applied", ("decompressed_bytes", ActivationBytes));
        receive.AddEvent("deserialization.completed");
        return receive.Context;
    }
}
