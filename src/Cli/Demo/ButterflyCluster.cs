using System.Diagnostics;

namespace Clew.Cli.Demo;

/// <summary>The machines of a cluster that runs one large model: three coordinators, one of them leading, and four compute nodes.</summary>
internal sealed class ButterflyCluster : IDisposable
{
    const string System = "butterfly";

    public ButterflyCluster(DemoTelemetry telemetry)
    {
        Coordinators = [.. Enumerable.Range(1, 3).Select(number => Service(telemetry, "butterfly-coordinator", $"coordinator-{number}"))];
        Nodes = [.. Enumerable.Range(1, 4).Select(number => new ComputeNode(this, Service(telemetry, $"compute-node-{number}", $"compute-node-{number}")))];
    }

    public InstrumentedService Leader => Coordinators[0];

    public IReadOnlyList<InstrumentedService> Coordinators { get; }

    public IReadOnlyList<ComputeNode> Nodes { get; }

    public int Term { get; } = Random.Shared.Next(40, 60);

    /// <summary>Names where a span ran and how far from the coordinator: <c>butterfly={node}:{hops}:{term}</c>.</summary>
    public void Stamp(Activity span, string node, int hops) => span.TraceStateString = $"butterfly={node}:{hops}:{Term}";

    public void Dispose()
    {
        Parallel.ForEach(Coordinators.Concat(Nodes.Select(node => node.Service)), service => service.Dispose());
        foreach (var node in Nodes)
            node.Dispose();
    }

    static InstrumentedService Service(DemoTelemetry telemetry, string name, string node) =>
        new(telemetry, System, name, node, new KeyValuePair<string, object>("node.id", node));
}
