using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Load;

/// <summary>Looks traces up by id and counts their spans. A store that shows spans some time after it acknowledged them is given that time.</summary>
/// <param name="patience">How long to ask again for what is not there.</param>
internal sealed class TraceLookUp(JaegerClient jaeger, TimeSpan patience)
{
    const int ExampleCountMax = 5;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<Completeness> RunAsync(IReadOnlyList<SentTrace> sample, CancellationToken cancellation)
    {
        var latency = new LatencyHistogram();
        var found = new int[sample.Count];
        var problem = "";
        var deadline = TimeProvider.System.GetUtcNow() + patience;
        for (var isFirst = true; ; isFirst = false)
        {
            for (var index = 0; index < sample.Count; index++)
            {
                if (found[index] >= sample[index].SpanCount)
                    continue;
                var answer = await jaeger.FindTraceAsync(sample[index].Id, cancellation);
                if (isFirst)
                    latency.Add(answer.Latency);
                if (answer.Problem.Length > 0)
                    problem = answer.Problem;
                found[index] = Math.Max(found[index], answer.Traces().FirstOrDefault().SpanCount);
            }

            if (!sample.Where((trace, index) => found[index] < trace.SpanCount).Any() || TimeProvider.System.GetUtcNow() > deadline)
                break;
            await Task.Delay(Pause, cancellation);
        }

        return Summarize(sample, found, problem, latency.Summarize());
    }

    static Completeness Summarize(IReadOnlyList<SentTrace> sample, int[] found, string problem, LatencySummary latency)
    {
        var wrong = Enumerable.Range(0, sample.Count).Where(index => !sample[index].IsWhole(found[index])).ToArray();
        return new Completeness(
            sample.Count, sample.Count - wrong.Length, wrong.Count(index => found[index] > 0), wrong.Count(index => found[index] == 0),
            sample.Sum(trace => (long)trace.SpanCount), found.Sum(count => (long)count),
            [.. wrong.Take(ExampleCountMax).Select(index => $"{sample[index].Id}: {found[index]} of {sample[index].SpanCount} spans")], problem, latency);
    }
}
