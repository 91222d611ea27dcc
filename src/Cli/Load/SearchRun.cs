using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Load;

/// <summary>Puts searches one after the other and measures the answers.</summary>
internal sealed class SearchRun(JaegerClient jaeger)
{
    const int TracesMax = 20;

    // A window that ends with the sample must still hold every span of it.
    const long MarginNanos = 1_000_000_000;

    public async Task<IReadOnlyList<SearchKindResult>> RunAsync(IReadOnlyList<SentTrace> sample, int repeatCount, CancellationToken cancellation)
    {
        var from = sample.Min(trace => trace.StartNanos) - MarginNanos;
        var to = sample.Max(trace => trace.StartNanos + trace.DurationNanos) + MarginNanos;
        var results = new List<SearchKindResult>();
        foreach (var kind in SearchMix.Draw(sample, repeatCount))
        {
            var latency = new LatencyHistogram();
            var (traces, bytes, failed, notFound, problem) = (0L, 0L, 0, 0, "");
            foreach (var query in kind)
            {
                var answer = await jaeger.AskAsync(query.ToPath(from, to, TracesMax), cancellation);
                var ids = answer.Traces().Select(trace => trace.TraceId).ToArray();
                latency.Add(answer.Latency);
                traces += ids.Length;
                bytes += answer.Bytes;
                if (answer.Problem.Length > 0)
                    (failed, problem) = (failed + 1, answer.Problem);
                else if (query.ExpectedTraceId is { } expected && !ids.Contains(expected, StringComparer.Ordinal))
                    notFound++;
            }

            var count = Math.Max(1, latency.Count);
            results.Add(new SearchKindResult(
                kind.Key, latency.Summarize(), Math.Round((double)traces / count, 1), Math.Round(bytes / 1e3 / count, 1), failed, notFound, problem));
        }

        return results;
    }
}
