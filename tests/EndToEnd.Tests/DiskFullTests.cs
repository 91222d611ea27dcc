using Clew.EndToEnd.Tests.Kill;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests;

/// <summary>A disk that is really full.</summary>
public sealed class DiskFullTests
{
    static readonly string[] Settings = ["storage.segment_bytes_max=2MiB", "storage.free_bytes_min=6MiB", "storage.retention.when_full=refuse"];

    [RootFact]
    public async Task A_full_disk_stops_acknowledgements_but_neither_reads_nor_the_way_back()
    {
        using var disk = SmallDisk.Mount(bytes: 48 << 20, ballastBytes: 24 << 20);
        var recipe = new BatchRecipe(seed: 11);
        var data = Path.Combine(disk.Path, "data");
        await using var clew = await ClewProcess.StartAsync(data, Settings);
        using var http = OtlpSender.OverHttp(clew.OtlpHttp);
        using var grpc = OtlpSender.OverGrpc(clew.OtlpGrpc);

        var acknowledged = await FillAsync(recipe, http);
        await AssertRefusedForNowAsync(grpc, recipe.Make(1_000_000));
        await AssertReadableAsync(clew, recipe, acknowledged);

        disk.ThrowOffBallast();
        await Deadline.UntilAsync(
            "acknowledgements to resume", TimeSpan.FromSeconds(30), async () => (await http.SendAsync(recipe.Make(2_000_000))).Outcome == SendOutcome.Acknowledged);
        await grpc.DeliverAsync(recipe.Make(2_000_001));
        await AssertReadableAsync(clew, recipe, [.. acknowledged, 2_000_001]);

        Assert.Equal(0, await clew.StopAsync());
        await using var restarted = await ClewProcess.StartAsync(data, Settings);
        await AssertReadableAsync(restarted, recipe, [.. acknowledged, 2_000_001]);
    }

    /// <summary>Sends until the disk is full; answers the numbers of the acknowledged batches.</summary>
    static async Task<List<int>> FillAsync(BatchRecipe recipe, OtlpSender sender)
    {
        var acknowledged = new List<int>();
        for (var batch = 0; batch < 20_000; batch++)
        {
            var result = await sender.SendAsync(recipe.Make(batch));
            if (result.Outcome == SendOutcome.Acknowledged)
            {
                acknowledged.Add(batch);
                continue;
            }

            Assert.True(result.Outcome == SendOutcome.RefusedForNow, $"{result.Outcome}: {result.Answer}");
            Assert.Contains("Retry-After", result.Answer, StringComparison.Ordinal);
            return acknowledged;
        }

        throw new InvalidOperationException("The disk did not fill up.");
    }

    static async Task AssertRefusedForNowAsync(OtlpSender sender, OtlpSpan[] spans)
    {
        var result = await sender.SendAsync(spans);
        Assert.True(result.Outcome == SendOutcome.RefusedForNow, $"{result.Outcome}: {result.Answer}");
    }

    static async Task AssertReadableAsync(ClewProcess clew, BatchRecipe recipe, List<int> batches)
    {
        // Every trace of a few batches spread over the whole: the kill test looks at all.
        foreach (var batch in batches.Where((_, index) => index % Math.Max(1, batches.Count / 50) == 0).Append(batches[^1]).Distinct())
        {
            var traces = await Task.WhenAll(recipe.TraceIdsOf(batch).Select(clew.FindTraceAsync));
            var stored = traces.SelectMany(trace => trace ?? []).Where(span => BatchRecipe.BatchOf(span) == batch);
            Assert.Equal(OtlpSpan.Describe(recipe.Make(batch)), OtlpSpan.Describe(stored));
        }
    }
}
