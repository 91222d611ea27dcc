namespace Clew.Cli.Load.Corpus;

/// <summary>Which systems the requests go to, and in what shares.</summary>
internal sealed class WorkloadMix
{
    static readonly (string Name, int Share, Func<IWorkloadTraces> Create)[] Known =
    [
        ("inference", 40, () => new InferenceTraces()), ("agents", 25, () => new AgentTraces()),
        ("peers", 15, () => new PeerToPeerTraces()), ("kv-cache", 20, () => new KeyValueCacheTraces()),
    ];

    readonly IWorkloadTraces[] _tickets;

    WorkloadMix(IEnumerable<(string Name, int Share, Func<IWorkloadTraces> Create)> chosen) =>
        _tickets = [.. chosen.SelectMany(workload => Enumerable.Repeat(workload.Create(), workload.Share))];

    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(workload => workload.Name)];

    /// <summary>All of them, most requests for inference.</summary>
    public static WorkloadMix Everything() => new(Known);

    /// <param name="names">Some of <see cref="Names"/>.</param>
    public static WorkloadMix Of(IReadOnlyCollection<string> names) => new(Known.Where(workload => names.Contains(workload.Name, StringComparer.Ordinal)));

    public IEnumerable<TraceDraft> Draw(SeededRandom random, long startNanos) => random.Pick<IWorkloadTraces>(_tickets).Draw(random, startNanos);
}
