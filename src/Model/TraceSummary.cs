namespace Clew.Model;

/// <summary>One line about a trace, for lists.</summary>
/// <param name="RootService">Empty when no span is a root.</param>
/// <param name="RootName">Empty when no span is a root.</param>
/// <param name="Start">The earliest start that a span states (0 states none); 0 when no span does.</param>
/// <param name="DurationNanos">From the earliest start to the latest end.</param>
/// <param name="Services">By name.</param>
public sealed record TraceSummary(
    TraceId Id, string RootService, string RootName, UnixNanos Start, ulong DurationNanos, int SpanCount, int ErrorCount, int OrphanCount,
    IReadOnlyList<TraceSummary.Service> Services)
{
    public sealed record Service(string Name, int SpanCount, int ErrorCount);

    public static TraceSummary Of(Trace trace)
    {
        var batch = trace.Batch;
        var services = new SortedDictionary<string, (int Spans, int Errors)>(StringComparer.Ordinal);
        var names = new string?[batch.Resources.Count];
        UnixNanos start = UnixNanos.MaxValue, end = UnixNanos.MinValue;
        int errors = 0, orphans = 0;
        for (var row = 0; row < batch.SpanCount; row++)
        {
            var resource = batch.ResourceOf(row);
            var name = names[resource] ??= ServiceName.Of(batch, resource);
            var error = batch.Spans.Statuses[row] == StatusCode.Error ? 1 : 0;
            services.TryGetValue(name, out var counts);
            services[name] = (counts.Spans + 1, counts.Errors + error);
            errors += error;
            orphans += trace.StandingOf(row) == SpanStanding.Orphan ? 1 : 0;
            if (batch.Spans.Starts[row] != UnixNanos.MinValue)
                start = new UnixNanos(Math.Min(start.Value, batch.Spans.Starts[row].Value));
            end = new UnixNanos(Math.Max(end.Value, batch.Spans.Ends[row].Value));
        }

        var root = trace.FirstRoot;
        var hasRoot = root >= 0 && trace.StandingOf(root) == SpanStanding.Root;
        return new TraceSummary(
            trace.Id,
            hasRoot ? ServiceName.Of(batch, batch.ResourceOf(root)) : "",
            hasRoot ? batch.Strings.GetString(batch.Spans.Names[root]) : "",
            start == UnixNanos.MaxValue ? UnixNanos.MinValue : start, start.NanosUntil(end), batch.SpanCount, errors, orphans,
            [.. services.Select(service => new Service(service.Key, service.Value.Spans, service.Value.Errors))]);
    }
}
