using Clew.Collector.Metrics;
using Clew.Model;

namespace Clew.Collector.Tests;

public sealed class IngestTapTests
{
    [Fact]
    public void A_listener_that_throws_is_dropped_and_counted_and_the_others_go_on()
    {
        var dropped = new Counter();
        var tap = new IngestTap(dropped);
        var (calls, shown) = (0, 0);
        using var bad = tap.Listen(_ => throw new InvalidOperationException($"call {++calls}"));
        using var good = tap.Listen(_ => () => shown++);
        for (var batch = 0; batch < 3; batch++)
            tap.Show(new SpanBatch())?.Invoke();
        Assert.Equal((1, 3, 1), (calls, shown, dropped.Value));
    }
}
