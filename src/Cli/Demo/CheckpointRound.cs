using System.Diagnostics;
using static Clew.Cli.Demo.Simulation;

namespace Clew.Cli.Demo;

/// <summary>One checkpoint of a cluster's state: proposed by the leader, voted on by its peers, then written by every node.</summary>
internal sealed class CheckpointRound(ButterflyCluster cluster)
{
    readonly long _logIndex = Random.Shared.NextInt64(1_000, 100_000);
    readonly string _id = NewId("ckpt");

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var create = cluster.Leader.StartRoot("checkpoint.create", ActivityKind.Internal);
        cluster.Stamp(create, cluster.Leader.Instance, 0);
        create.SetTags(
            ("checkpoint.id", _id), ("checkpoint.size_bytes", 10_737_418_240L), ("snapshot.layer_count", 80), ("consensus.term", cluster.Term));
        try
        {
            var votes = await ProposeAsync(cancellation);
            await CommitAsync(votes, cancellation);
            await Task.WhenAll(cluster.Nodes.Select(node => SendAsync(create, headers => SnapshotAsync(node, headers, cancellation))));
            create.SetTag("state.hash", NewId("merkle"));
        }
        catch (SimulatedFault fault)
        {
            create.SetTag("consensus.status", "timeout");
            create.Fail(fault);
        }
    }

    async Task<ActivityContext[]> ProposeAsync(CancellationToken cancellation)
    {
        using var propose = cluster.Leader.Start("consensus.propose");
        propose.SetTags(
            ("consensus.term", cluster.Term), ("log.index", _logIndex), ("proposal.type", "checkpoint"), ("proposer.node_id", cluster.Leader.Instance));
        using var replicate = cluster.Leader.Start("consensus.replicate", ActivityKind.Producer);
        replicate.SetTag("peer.count", cluster.Coordinators.Count - 1);
        return await Task.WhenAll(cluster.Coordinators.Skip(1).Select(peer => SendAsync(replicate, headers => VoteAsync(peer, headers, cancellation))));
    }

    async Task<ActivityContext> VoteAsync(InstrumentedService peer, MessageHeaders headers, CancellationToken cancellation)
    {
        using var vote = peer.StartRemote(headers, "consensus.vote", ActivityKind.Consumer);
        cluster.Stamp(vote, peer.Instance, 1);
        vote.SetTags(("consensus.term", cluster.Term), ("log.index", _logIndex), ("voter.node_id", peer.Instance));
        using (var verify = peer.Start("checkpoint.verify"))
        {
            verify.SetTag("checkpoint.id", _id);
            await WorkAsync(9, cancellation);
        }

        vote.SetTag("vote.granted", true);
        return vote.Context;
    }

    async Task CommitAsync(ActivityContext[] votes, CancellationToken cancellation)
    {
        var links = votes.Select(vote => new ActivityLink(vote, new ActivityTagsCollection { ["link.reason"] = "vote" })).ToArray();
        using var commit = cluster.Leader.Start("consensus.commit", ActivityKind.Internal, links);
        var started = Stopwatch.GetTimestamp();
        commit.SetTags(("consensus.term", cluster.Term), ("log.index", _logIndex), ("votes.received", votes.Length + 1), ("quorum.size", 2));
        await WorkAsync(8, cancellation);
        if (Chance(0.1))
        {
            var fault = new SimulatedFault($"entry {_logIndex} was not acknowledged by a quorum within 150 ms in term {cluster.Term}");
            await WorkAsync(150, cancellation);
            commit.SetTag("consensus.status", "timeout");
            commit.Fail(fault);
            throw fault;
        }

        commit.SetTags(("consensus.status", "committed"), ("commit.duration_ms", Stopwatch.GetElapsedTime(started).TotalMilliseconds));
    }

    async Task SnapshotAsync(ComputeNode node, MessageHeaders headers, CancellationToken cancellation)
    {
        using (var snapshot = node.Service.StartRemote(headers, "state.snapshot", ActivityKind.Consumer))
        {
            cluster.Stamp(snapshot, node.Id, 1);
            snapshot.SetTags(("checkpoint.id", _id), ("node.id", node.Id));
            await StepAsync(node, "model.serialize", 40, cancellation);
            await StepAsync(node, "memory.dump", 25, cancellation);
        }

        using var write = node.Service.StartRemote(headers, "storage.write", ActivityKind.Internal);
        cluster.Stamp(write, node.Id, 1);
        write.SetTags(("checkpoint.id", _id), ("storage.bytes", 2_684_354_560L));
        await Task.WhenAll(StepAsync(node, "disk.write", 70, cancellation), StepAsync(node, "merkle.compute", 30, cancellation));
    }

    static async Task StepAsync(ComputeNode node, string name, double millis, CancellationToken cancellation)
    {
        using var step = node.Service.Start(name);
        step.SetTag("node.id", node.Id);
        await WorkAsync(millis, cancellation);
    }
}
