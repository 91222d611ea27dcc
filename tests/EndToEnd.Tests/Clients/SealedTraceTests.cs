using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;
using OpenTelemetry.Exporter;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>What was received and what was sealed are two forms of the same spans.</summary>
public sealed class SealedTraceTests
{
    static readonly string[] Settings = ["storage.segment_age_max=1s"];

    [Fact]
    public async Task Everything_the_DotNet_exporter_sent_is_unchanged_in_a_block_and_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        SdkTrace trace;
        await using (var clew = await ClewProcess.StartAsync(folder.Path, Settings))
        {
            trace = SdkTrace.Send(clew.OtlpGrpc, OtlpExportProtocol.Grpc, OtlpExportCompression.None);
            await Deadline.UntilAsync("the segment to be sealed", TimeSpan.FromSeconds(30), () => IsSealedAsync(clew));
            await AssertUnchangedAsync(clew, trace);
            Assert.Equal(0, await clew.StopAsync());
        }

        await using var restarted = await ClewProcess.StartAsync(folder.Path, Settings);
        Assert.True(await IsSealedAsync(restarted));
        await AssertUnchangedAsync(restarted, trace);
    }

    static async Task AssertUnchangedAsync(ClewProcess clew, SdkTrace trace) =>
        Assert.Equal(OtlpSpan.Describe(trace.Expected), OtlpSpan.Describe(await clew.FindTraceAsync(trace.TraceId) ?? []));

    static async Task<bool> IsSealedAsync(ClewProcess clew)
    {
        var metrics = await clew.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return metrics.Contains("\nclew_blocks 1\n", StringComparison.Ordinal) && metrics.Contains("\nclew_head_spans 0\n", StringComparison.Ordinal);
    }
}
