using System.Buffers;
using System.Text;
using Clew.Collector.Metrics;

namespace Clew.Collector.Tests;

public sealed class OpenMetricsWriterTests
{
    [Fact]
    public void A_registry_is_written_as_OpenMetrics()
    {
        var registry = Sample();
        Assert.Equal(
            """
            # TYPE c counter
            # HELP c Said \"so\" \\ twice.
            c_total{a="x",b="1"} 5
            c_total{a="y\"\n\\",b=""} 1
            # TYPE h histogram
            # HELP h Seconds.
            h_bucket{le="0.5"} 1
            h_bucket{le="1"} 2
            h_bucket{le="+Inf"} 3
            h_count 3
            h_sum 8.5
            # TYPE g gauge
            # HELP g Now.
            g NaN
            # EOF

            """,
            Write(registry, isOpenMetrics: true));
    }

    [Fact]
    public void The_older_text_names_counters_by_their_samples_and_has_no_end()
    {
        var text = Write(Sample(), isOpenMetrics: false);
        Assert.Contains("# TYPE c_total counter\n# HELP c_total ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("# EOF", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_belongs_to_its_bucket_and_counts_are_exact_from_many_threads()
    {
        var registry = new MetricRegistry();
        var histogram = registry.AddHistogram("h", "Seconds.", [1, 2]).With();
        Parallel.For(0, 30_000, round => histogram.Observe((round % 3) + 1));
        Assert.Contains("h_bucket{le=\"1\"} 10000\nh_bucket{le=\"2\"} 20000\nh_bucket{le=\"+Inf\"} 30000\nh_count 30000\nh_sum 60000\n", Write(registry, true), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_declared_once()
    {
        var registry = Sample();
        Assert.Throws<ArgumentException>(() => registry.AddCounter("h", "Again.", "a"));
    }

    static MetricRegistry Sample()
    {
        var registry = new MetricRegistry();
        var counter = registry.AddCounter("c", "Said \"so\" \\ twice.", "a", "b");
        counter.With("y\"\n\\").Increment();
        counter.With("x", "1").Add(5);
        var histogram = registry.AddHistogram("h", "Seconds.", [0.5, 1]).With();
        foreach (var seconds in (double[])[0.5, 1, 7])
            histogram.Observe(seconds);
        registry.AddObserved("g", MetricType.Gauge, "Now.", () => double.NaN);
        return registry;
    }

    static string Write(MetricRegistry registry, bool isOpenMetrics)
    {
        var target = new ArrayBufferWriter<byte>();
        registry.Write(new OpenMetricsWriter(target, isOpenMetrics));
        return Encoding.UTF8.GetString(target.WrittenSpan);
    }
}
