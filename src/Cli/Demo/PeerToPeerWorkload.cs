using System.Diagnostics;
using static Clew.Cli.Demo.Simulation;

namespace Clew.Cli.Demo;

/// <summary>A guild of peers that run WASM tasks for each other and pay for them over channels.</summary>
/// <remarks>Peers do not trust each other, so a payment is a trace of its own, linked to the task it pays for.</remarks>
internal sealed class PeerToPeerWorkload : IWorkload
{
    const string System = "zerostate";
    readonly InstrumentedService _coordinator;
    readonly InstrumentedService _payments;
    readonly EdgeNode[] _peers;

    public PeerToPeerWorkload(DemoTelemetry telemetry)
    {
        _coordinator = new InstrumentedService(telemetry, System, "zerostate-guild", "guild-coordinator");
        _payments = new InstrumentedService(telemetry, System, "zerostate-payment", "payment-manager");
        _peers =
        [
            .. Enumerable.Range(1, 3).Select(number => new EdgeNode(new InstrumentedService(
                telemetry, System, $"zerostate-edge-{number}", $"edge-node-{number}", new KeyValuePair<string, object>("peer.id", $"12D3KooW{number:x4}"))))
        ];
    }

    public async Task HandleAsync(CancellationToken cancellation)
    {
        var task = await RunTaskAsync(cancellation);
        if (task is { } done)
            await PayAsync(done, cancellation);
    }

    public void Dispose() => Parallel.ForEach(_peers.Select(peer => peer.Service).Append(_coordinator).Append(_payments), service => service.Dispose());

    /// <returns>The span of the task's execution; null when it failed.</returns>
    async Task<ActivityContext?> RunTaskAsync(CancellationToken cancellation)
    {
        var (guildId, taskId, peer) = (NewId("guild"), NewId("task"), Pick(_peers));
        using var guild = _coordinator.StartRoot("guild.create", ActivityKind.Internal);
        guild.SetTags(("guild.id", guildId), ("task.id", taskId), ("guild.member_count", _peers.Length), ("guild.capabilities", new[] { "wasm", "gpu" }));
        try
        {
            await ConnectAsync(peer, cancellation);
            await StepAsync("guild.key_exchange", 14, cancellation, ("crypto.curve", "x25519"), ("guild.id", guildId));
            await Task.WhenAll(_peers.Select(member => StepAsync("guild.heartbeat", 6, cancellation, ("peer.id", member.Id))));
            return await RequestTaskAsync(peer, guildId, taskId, cancellation);
        }
        catch (SimulatedFault fault)
        {
            guild.Fail(fault);
            return null;
        }
        finally
        {
            await StepAsync("guild.dissolve", 4, cancellation, ("guild.id", guildId));
        }
    }

    async Task ConnectAsync(EdgeNode peer, CancellationToken cancellation)
    {
        await StepAsync("p2p.dht.FIND_PEER", 22, cancellation, ("peer.id", peer.Id), ("dht.hops", Random.Shared.Next(2, 6)));
        var isBehindNat = Chance(0.12);
        using (var establish = _coordinator.Start("p2p.connection.establish", ActivityKind.Client))
        {
            establish.SetTags(("peer.id", peer.Id), ("network.transport", "quic"));
            await WorkAsync(isBehindNat ? 180 : 18, cancellation);
            if (isBehindNat)
                establish.Fail(new SimulatedFault($"{peer.Id} did not answer: hole punching timed out after 3 attempts"));
        }

        if (isBehindNat)
            await StepAsync("p2p.relay", 35, cancellation, ("peer.id", peer.Id), ("relay.peer_id", "12D3KooWrelay"));
    }

    // Message → gossip → peer, context in the envelope of each message. The peer's work ends long after the message was sent, and answers for itself.
    async Task<ActivityContext> RequestTaskAsync(EdgeNode peer, string guildId, string taskId, CancellationToken cancellation)
    {
        using var send = _coordinator.Start("guild.send_message", ActivityKind.Producer);
        send.SetTags(("guild.id", guildId), ("message.type", "task_request"), ("task.id", taskId), ("messaging.message.body.size", 48_230));
        using var message = _coordinator.Start("p2p.message.task_request", ActivityKind.Producer);
        message.SetTags(("peer.id", peer.Id), ("task.id", taskId));
        using (var gossip = _coordinator.Start("p2p.gossip.publish", ActivityKind.Producer))
        {
            gossip.SetTags(("gossip.topic", $"guild/{guildId}"), ("gossip.fanout", 3));
            await WorkAsync(11, cancellation);
        }

        return await SendAsync(message, headers => peer.ExecuteAsync(headers, guildId, taskId, cancellation));
    }

    async Task PayAsync(ActivityContext task, CancellationToken cancellation)
    {
        using var flow = _payments.StartRoot("payment.flow", ActivityKind.Internal, new ActivityLink(task, new ActivityTagsCollection { ["link.reason"] = "pays_for" }));
        var channelId = NewId("chan");
        flow.SetTags(("channel.id", channelId), ("payment.currency", "ZST"));
        using (var open = _payments.Start("payment.channel.open", ActivityKind.Client))
        {
            open.SetTags(("channel.id", channelId), ("channel.deposit", 10.0));
            await WorkAsync(25, cancellation);
            await SignAsync(cancellation);
        }

        using (var transaction = _payments.Start("payment.transaction"))
        {
            transaction.SetTags(("channel.id", channelId), ("payment.amount", Math.Round(Random.Shared.NextDouble(), 4)));
            await WorkAsync(12, cancellation);
            await SignAsync(cancellation);
        }

        using (var verify = _payments.Start("payment.verify"))
        {
            verify.SetTag("channel.id", channelId);
            await WorkAsync(8, cancellation);
        }

        if (!Chance(0.05))
            return;
        using var dispute = _payments.Start("payment.dispute");
        await WorkAsync(90, cancellation);
        dispute.Fail(new SimulatedFault($"channel {channelId}: the counterparty's last state is older than ours (sequence 4, expected 5)"));
        flow.SetStatus(ActivityStatusCode.Error, "settled by dispute");
    }

    async Task SignAsync(CancellationToken cancellation)
    {
        using var sign = _payments.Start("payment.signature.sign");
        sign.SetTag("crypto.algorithm", "ed25519");
        await WorkAsync(5, cancellation);
    }

    async Task StepAsync(string name, double millis, CancellationToken cancellation, params (string Key, object Value)[] attributes)
    {
        using var step = _coordinator.Start(name);
        step.SetTags(attributes);
        await WorkAsync(millis, cancellation);
    }
}
