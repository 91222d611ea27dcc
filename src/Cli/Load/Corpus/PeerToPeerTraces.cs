using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>A guild of peers that run WASM tasks for each other, and pay for each in a trace of its own that is linked to the task.</summary>
internal sealed class PeerToPeerTraces : IWorkloadTraces
{
    const string System = "zerostate";
    static readonly string[] Capabilities = ["wasm", "gpu"];
    static readonly string[] TaskKinds = ["embed", "rerank", "transcode", "simulate"];
    static readonly (string Name, double Micros)[] PaymentSteps = [("payment.channel.open", 25_000), ("payment.transaction", 12_000)];
    static readonly (string Name, double Micros)[] WasmSteps =
        [("execution.wasm.compile", 14_000), ("execution.wasm.instantiate", 800), ("execution.wasm.execute", 110_000)];

    readonly ServiceInstance[] _coordinators = ServiceInstance.Several(System, "zerostate-guild", "guild-coordinator", 2, "0.8.4", "zerostate.guild");
    readonly ServiceInstance[] _peers = ServiceInstance.Nodes(System, "zerostate-edge", 5, "0.8.4", "zerostate.execution");
    readonly ServiceInstance[] _payments = ServiceInstance.Several(System, "zerostate-payment", "payment", 2, "0.8.1", "zerostate.payment");

    public IEnumerable<TraceDraft> Draw(SeededRandom random, long startNanos)
    {
        var (task, execution) = RunTask(random, startNanos);
        return random.Chance(0.9) ? [task, Pay(random, execution)] : [task];
    }

    (TraceDraft Trace, SpanDraft Execution) RunTask(SeededRandom random, long startNanos)
    {
        var trace = new TraceDraft(random, startNanos);
        var (coordinator, peer, guildId) = (random.Pick(_coordinators), random.Pick(_peers), $"guild-{random.Next(1, 400):d4}");
        var root = trace.Open(null, coordinator, "guild.create");
        var task = trace.Mark("task.id", "task-");
        root.Set("guild.id", guildId).Set("guild.member_count", random.Next(2, 24)).Set("guild.capabilities", Capabilities);
        trace.Work(150);
        trace.Step(root, coordinator, "p2p.dht.FIND_PEER", 22_000).Set("peer.id", PeerId(peer)).Set("dht.hops", random.Next(2, 6));
        trace.Step(root, coordinator, "p2p.connection.establish", 18_000, SpanKind.Client).Set("peer.id", PeerId(peer)).Set("network.transport", "quic")
            .Set("network.peer.address", $"203.0.{random.Next(0, 255)}.{random.Next(1, 254)}").Set("p2p.rtt_ms", Math.Round(40 * random.NextDouble(), 3));
        trace.Step(root, coordinator, "guild.key_exchange", 14_000).Set("guild.id", guildId).Set("crypto.curve", "x25519");
        Heartbeats(trace, coordinator);
        var send = trace.Open(root, coordinator, "guild.send_message", SpanKind.Producer);
        send.Set("guild.id", guildId).Set("message.type", "task_request").Set("messaging.message.body.size", random.Next(300, 60_000));
        trace.Step(send, coordinator, "p2p.gossip.publish", 9_000, SpanKind.Producer).Set("gossip.topic", $"guild/{guildId}").Set("gossip.fanout", random.Next(3, 12));
        TraceDraft.Close(send);
        trace.Work(3_000);
        var execution = Execute(trace, random, send, peer, task);
        trace.Step(root, coordinator, "guild.dissolve", 4_000).Set("guild.id", guildId);
        TraceDraft.Close(root);
        if (random.Chance(0.012))
            TraceDraft.Fail(trace.Spans.First(span => span.Name == "execution.wasm.execute"), "WasmTrap", $"unreachable executed at 0x{random.Next(0, 0xFFFFF):x5}");
        return (trace, execution);
    }

    void Heartbeats(TraceDraft trace, ServiceInstance coordinator)
    {
        var (forkedAt, joinedAt) = (trace.NowNanos, trace.NowNanos);
        foreach (var peer in _peers)
        {
            trace.NowNanos = forkedAt;
            trace.Step(trace.Root, coordinator, "guild.heartbeat", 6_000).Set("peer.id", PeerId(peer));
            joinedAt = Math.Max(joinedAt, trace.NowNanos);
        }

        trace.NowNanos = joinedAt;
    }

    static SpanDraft Execute(TraceDraft trace, SeededRandom random, SpanDraft message, ServiceInstance peer, UniqueText task)
    {
        var execution = trace.Open(message, peer, "execution.task", SpanKind.Consumer);
        execution.Set("task.id", task).Set("peer.id", PeerId(peer)).Set("task.kind", random.Pick(TaskKinds));
        trace.Step(execution, peer, "execution.manifest.validate", 300).Set("task.id", task);
        var module = $"sha256:{SeededRandom.Scatter((ulong)random.Next(1, 600)):x16}";
        foreach (var (name, micros) in WasmSteps)
        {
            trace.Step(execution, peer, name, micros)
                .Set("wasm.module.hash", module).Set("wasm.memory_pages", random.Next(16, 2_048)).Set("wasm.fuel_used", random.Next(10_000, 90_000_000));
        }

        trace.Step(execution, peer, "execution.receipt.generate", 700).Set("task.id", task).Set("receipt.size_bytes", random.Next(200, 900));
        TraceDraft.Close(execution);
        return execution;
    }

    TraceDraft Pay(SeededRandom random, SpanDraft execution)
    {
        var trace = new TraceDraft(random, execution.EndNanos + random.Work(5_000));
        var payment = random.Pick(_payments);
        var channel = $"chan-{random.Next(1, 6_000):d5}";
        var flow = trace.Open(null, payment, "payment.flow");
        (flow.LinkedTo, flow.LinkReason) = (execution, "pays_for");
        trace.Mark("payment.id", "pay-");
        flow.Set("channel.id", channel).Set("payment.currency", "ZST");
        foreach (var (name, micros) in PaymentSteps)
        {
            var step = trace.Open(flow, payment, name, SpanKind.Client).Set("channel.id", channel).Set("payment.amount", Math.Round(random.NextDouble() * 9, 4));
            trace.Work(micros);
            trace.Step(step, payment, "payment.signature.sign", 180).Set("crypto.algorithm", "ed25519").Set("signature.sequence", random.Next(1, 100_000));
            TraceDraft.Close(step);
        }

        trace.Step(flow, payment, "payment.verify", 8_000).Set("channel.id", channel).Set("peer.id", PeerId(execution.Service)).Set("signature.valid", true);
        TraceDraft.Close(flow);
        return trace;
    }

    static string PeerId(ServiceInstance peer) => $"12D3KooW{SeededRandom.Scatter(peer.Instance[^1]):x16}";
}
