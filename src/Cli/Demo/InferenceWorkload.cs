using System.Diagnostics;
using static Clew.Cli.Demo.Simulation;

namespace Clew.Cli.Demo;

/// <summary>Distributed inference: a coordinator splits a model's layers over compute nodes that pass tensors on, and checkpoints by consensus.</summary>
internal sealed class InferenceWorkload(DemoTelemetry telemetry) : IWorkload
{
    static readonly string[] Priorities = ["normal", "normal", "high", "batch"];
    readonly ButterflyCluster _cluster = new(telemetry);

    public Task HandleAsync(CancellationToken cancellation) => Random.Shared.Next(8) == 0
        ? new CheckpointRound(_cluster).RunAsync(cancellation)
        : InferAsync(layersPerNode: 3, layerMillis: 14, chunkCount: 1, cancellation);

    /// <summary>A long prompt: nine chunks on their way through 80 layers at the same time, over 2,000 spans in one trace.</summary>
    public Task HandleLongPromptAsync(CancellationToken cancellation) => InferAsync(layersPerNode: 20, layerMillis: 4, chunkCount: 9, cancellation);

    public void Dispose() => _cluster.Dispose();

    async Task InferAsync(int layersPerNode, double layerMillis, int chunkCount, CancellationToken cancellation)
    {
        var leader = _cluster.Leader;
        using var request = leader.StartRoot("inference.request", ActivityKind.Server);
        _cluster.Stamp(request, leader.Instance, 0);
        var inputTokens = chunkCount > 1 ? chunkCount * 2_048 : Random.Shared.Next(16, 2_048);
        request.SetTags(
            ("model.name", "llama-70b"), ("model.version", "v1.0"), ("request.id", NewId("req")), ("input.token_count", inputTokens),
            ("input.sequence_length", chunkCount * 2_048), ("cluster.size", _cluster.Nodes.Count), ("cluster.state", "healthy"),
            ("consensus.term", _cluster.Term), ("request.priority", Pick(Priorities)));
        try
        {
            var validation = Stopwatch.GetTimestamp();
            await WorkAsync(1.2, cancellation);
            request.AddEvent("request.validated", ("validation.duration_ms", Stopwatch.GetElapsedTime(validation).TotalMilliseconds));
            await DistributeAsync(layersPerNode, cancellation);
            request.AddEvent("partitioning.completed", ("partition.count", _cluster.Nodes.Count), ("partition.strategy", "layer_wise"));
            var mishap = chunkCount > 1 ? Mishap.None : Mishap.Roll(_cluster.Nodes.Count);
            await Task.WhenAll(Enumerable.Range(0, chunkCount).Select(chunk =>
                RunChunkAsync(request, new LayerRun(0, layersPerNode, layerMillis, chunkCount > 1 ? chunk : null), mishap, cancellation)));
            await AggregateAsync(cancellation);
            request.AddEvent("response.ready", ("output.token_count", Random.Shared.Next(32, 512)));
            request.SetStatus(ActivityStatusCode.Ok);
        }
        catch (SimulatedFault fault)
        {
            request.SetTag("cluster.state", "degraded");
            request.Fail(fault);
        }
    }

    async Task DistributeAsync(int layersPerNode, CancellationToken cancellation)
    {
        using var distribute = _cluster.Leader.Start("coordination.distribute");
        distribute.SetTags(
            ("partition.strategy", "layer_wise"), ("partition.count", _cluster.Nodes.Count), ("load_balancing.algorithm", "round_robin"),
            ("nodes.assigned", _cluster.Nodes.Select(node => node.Id).ToArray()));
        using (var analyze = _cluster.Leader.Start("partition.analyze"))
        {
            analyze.SetTag("model.layer_count", layersPerNode * _cluster.Nodes.Count);
            await WorkAsync(3, cancellation);
        }

        using var assign = _cluster.Leader.Start("schedule.assign");
        await WorkAsync(2, cancellation);
    }

    // Down the line of nodes: tensors travel and layers run as parts of the request, each knowing it only from the headers of its message.
    async Task RunChunkAsync(Activity request, LayerRun run, Mishap mishap, CancellationToken cancellation)
    {
        var headers = MessageHeaders.From(request);
        var from = _cluster.Leader;
        for (var index = 0; index < _cluster.Nodes.Count; index++)
        {
            var node = _cluster.Nodes[index];
            var (sender, hops) = (from, index);
            var nodeRun = run with
            {
                LayerFirst = index * run.LayerCount,
                IsStraggling = mishap.StragglerIndex == index,
                IsFailing = mishap.FailingIndex == index,
                IsByzantine = mishap.ByzantineIndex == index,
            };
            var layers = await Detached(async () =>
            {
                var arrival = await ComputeNode.SendTensorAsync(_cluster, sender, node.Service, headers, hops, cancellation);
                return await node.ExecuteAsync(headers, arrival, nodeRun, hops + 1, cancellation);
            });
            if (nodeRun.IsByzantine)
                await VerifyAsync(request, node, layers, nodeRun, cancellation);
            from = node.Service;
        }

        await Detached(() => ComputeNode.SendTensorAsync(_cluster, from, _cluster.Leader, headers, _cluster.Nodes.Count, cancellation));
    }

    /// <summary>The result is computed again elsewhere; the check is linked to the span that is under suspicion.</summary>
    async Task VerifyAsync(Activity request, ComputeNode suspect, ActivityContext suspectSpan, LayerRun run, CancellationToken cancellation)
    {
        using var check = _cluster.Leader.Start(
            "verification.byzantine_check", ActivityKind.Internal, new ActivityLink(suspectSpan, new ActivityTagsCollection { ["link.reason"] = "suspect" }));
        var witness = _cluster.Nodes.First(node => node != suspect);
        check.SetTags(
            ("fault.detected", true), ("fault.type", "activation_mismatch"), ("fault.node_id", suspect.Id), ("verification.method", "redundant_execution"),
            ("verification.node_id", witness.Id));
        check.AddEvent("fault.suspected", ("fault.node_id", suspect.Id), ("confidence", 0.97));
        var headers = MessageHeaders.From(check);
        await Detached(() => witness.ExecuteAsync(headers, suspectSpan, run with { IsByzantine = false, LayerCount = 1 }, hops: 2, cancellation));
        check.SetStatus(ActivityStatusCode.Error, $"{suspect.Id} returned activations that do not match a second computation");
        request.SetTag("cluster.state", "degraded");
        request.SetTag("fault.detected", true);
        request.AddEvent("fault.recovered", ("fault.node_id", suspect.Id));
    }

    async Task AggregateAsync(CancellationToken cancellation)
    {
        using var aggregate = _cluster.Leader.Start("inference.aggregate");
        await WorkAsync(4, cancellation);
        using var serialize = _cluster.Leader.Start("result.serialize");
        serialize.SetTag("result.format", "json");
        await WorkAsync(1.5, cancellation);
    }

    // The nodes are other processes: no span of the coordinator may be current where they work.
    static Task<T> Detached<T>(Func<Task<T>> work)
    {
        using (ExecutionContext.SuppressFlow())
            return Task.Run(work);
    }

    /// <summary>What goes wrong with a request, by the index of the node; -1 for nowhere.</summary>
    readonly record struct Mishap(int StragglerIndex, int FailingIndex, int ByzantineIndex)
    {
        public static Mishap None => new(-1, -1, -1);

        public static Mishap Roll(int nodeCount)
        {
            var index = Random.Shared.Next(nodeCount);
            return Random.Shared.NextDouble() switch
            {
                < 0.06 => None with { StragglerIndex = 2 }, // Always the same node: something to find.
                < 0.09 => None with { FailingIndex = index },
                < 0.12 => None with { ByzantineIndex = index },
                _ => None,
            };
        }
    }
}
