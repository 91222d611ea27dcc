using Clew.EndToEnd.Tests.Kill;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Store;

/// <summary><c>clew store compact</c> on a folder that a server made.</summary>
public sealed class CompactTests
{
    const int Batches = 400;

    // Small, so that there is something to merge.
    static readonly string[] Settings = ["storage.segment_bytes_max=256KiB"];

    [Fact]
    public async Task Compacting_waits_for_no_server_and_leaves_every_span_in_fewer_blocks()
    {
        using var folder = new TemporaryFolder();
        var (data, recipe) = (Path.Combine(folder.Path, "data"), new BatchRecipe(seed: 9));
        await using (var clew = await ClewProcess.StartAsync(data, Settings))
        {
            using var sender = OtlpSender.OverHttp(clew.OtlpHttp);
            for (var batch = 0; batch < Batches; batch++)
                await sender.DeliverAsync(recipe.Make(batch));
            var (refused, _, why) = await ClewCommand.RunAsync("store", "compact", "--data", data);
            Assert.Equal(1, refused);
            Assert.Contains("is in use by process", why, StringComparison.Ordinal);
            Assert.Equal(0, await clew.StopAsync());
        }

        var (code, output, errors) = await ClewCommand.RunAsync("store", "compact", "--data", data, "--set", "storage.segment_bytes_max=256KiB", "--set", "storage.compaction.merge_blocks_min=2");
        Assert.True(code == 0 && output.StartsWith("Compacted ", StringComparison.Ordinal), $"{code} {output} {errors}");
        var (verified, report, _) = await ClewCommand.RunAsync("store", "verify", "--data", data);
        Assert.Equal(0, verified);
        Assert.Contains($"0 segments", report, StringComparison.Ordinal);
        Assert.Contains($"{Batches * BatchRecipe.SpanCount:N0} spans are good.", report, StringComparison.Ordinal);
        await using var restarted = await ClewProcess.StartAsync(data, Settings);
        foreach (var trace in Enumerable.Range(0, Batches).SelectMany(recipe.Make).GroupBy(span => span.TraceId).Take(40))
            Assert.Equal(OtlpSpan.Describe(trace), OtlpSpan.Describe(await restarted.FindTraceAsync(trace.Key) ?? []));
    }
}
