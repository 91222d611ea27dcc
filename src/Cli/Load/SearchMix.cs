using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Load;

/// <summary>The kinds of searches that people put, each with other values every time.</summary>
internal static class SearchMix
{
    static readonly string[] Agents = ["planner", "researcher", "coder", "analyst", "critic"];

    /// <param name="sample">Not empty; what is asked for comes from it where it can.</param>
    public static IEnumerable<IGrouping<string, SearchQuery>> Draw(IReadOnlyList<SentTrace> sample, int repeatCount)
    {
        var services = sample.Select(trace => trace.Service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return Enumerable.Range(0, repeatCount).SelectMany(turn => Turn(sample, services[turn % services.Length], turn)).GroupBy(query => query.Kind, StringComparer.Ordinal);
    }

    static IEnumerable<SearchQuery> Turn(IReadOnlyList<SentTrace> sample, string service, int turn)
    {
        var ofService = sample.Where(trace => trace.Service == service).ToArray();
        var trace = sample[turn * 7 % sample.Count];
        yield return new SearchQuery("service", service);
        yield return new SearchQuery("service and operation", service) { Operation = ofService[0].RootName };
        yield return new SearchQuery("minimum duration", service) { Operation = ofService[0].RootName, MinDuration = SlowestOf(ofService) + TimeSpan.FromMilliseconds(turn) };
        yield return new SearchQuery("common attribute", "jeeves-orchestrator") { Operation = "agent.process", Tag = ("jeeves.agent.name", Agents[turn % Agents.Length]) };
        yield return new SearchQuery("inner attribute", $"compute-node-{1 + (turn % 8)}") { Operation = "computation.forward", Tag = ("execution.device", $"cuda:{turn % 8}") };
        yield return new SearchQuery("errors", service) { Tag = ("error", "true") };
        yield return new SearchQuery("unique attribute", trace.Service)
        {
            Operation = trace.RootName, Tag = (trace.UniqueKey, trace.UniqueValue), ExpectedTraceId = trace.Id.ToString(),
        };
        yield return new SearchQuery("absent value", trace.Service) { Tag = (trace.UniqueKey, $"absent-{turn}") };
    }

    // About one trace in twenty is slower.
    static TimeSpan SlowestOf(SentTrace[] traces)
    {
        var durations = traces.Select(trace => trace.DurationNanos).Order().ToArray();
        return TimeSpan.FromMilliseconds(Math.Ceiling(durations[durations.Length * 95 / 100] / 1e6));
    }
}
