using Clew.Cli.Load;

namespace Clew.Cli.Tests.Load;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_those_of_the_sorted_latencies_to_within_two_percent()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var histogram = new LatencyHistogram();
            var exact = Enumerable.Range(0, random.Next(1, 5_000)).Select(_ => TimeSpan.FromMicroseconds(Math.Exp(random.NextDouble() * 18))).Order().ToArray();
            foreach (var latency in exact)
                histogram.Add(latency);
            foreach (var quantile in new[] { 0.01, 0.5, 0.95, 0.99, 1.0 })
            {
                var expected = exact[(int)Math.Ceiling(quantile * exact.Length) - 1].TotalMicroseconds;
                Assert.True(histogram.At(quantile).TotalMicroseconds is var found && found >= expected - 1 && found <= (expected * 1.02) + 1, $"Seed {seed}, quantile {quantile}: {found} for {expected}.");
            }

            Assert.Equal(exact[^1], histogram.Max);
        }
    }

    [Fact]
    public void Nothing_has_no_latency()
    {
        var summary = new LatencyHistogram().Summarize();
        Assert.Equal(new LatencySummary(0, 0, 0, 0, 0, 0), summary);
    }

    [Fact]
    public void The_largest_latency_fits()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.MaxValue);
        histogram.Add(TimeSpan.FromTicks(-1));
        Assert.Equal(TimeSpan.MaxValue, histogram.At(1));
        Assert.Equal(2, histogram.Count);
        histogram.Clear();
        Assert.Equal(TimeSpan.Zero, histogram.At(0.5));
    }
}
