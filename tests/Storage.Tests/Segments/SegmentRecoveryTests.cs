using Clew.Model;

namespace Clew.Storage.Tests.Segments;

/// <summary>What a start makes of the segments that an earlier process left.</summary>
public sealed class SegmentRecoveryTests
{
    static readonly StorageOptions Options = new() { SegmentBytesMax = 64 << 10, RowGroupRows = 64 };

    [Fact]
    public async Task Damage_to_the_end_of_a_segment_that_was_recovered_once_is_reported()
    {
        using var folder = new TemporaryFolder();
        await LeaveByKillAsync(folder);
        await using (await OpenAsync(folder))
        {
            // Recovered, and served: from here on nothing in it may vanish unseen.
        }

        var segment = SegmentOf(folder);
        // The last byte of the last payload, or of the zeros behind it, comes before the end mark; eight bytes further down is payload for certain.
        FlipBit(segment, (int)new FileInfo(segment).Length - 16 - 9);
        await using var store = await OpenAsync(folder);
        Assert.Contains(segment, Assert.Single(store.Statistics.Damage), StringComparison.Ordinal);
    }

    /// <summary>Three batches, and the folder as a process that is killed leaves it.</summary>
    static async Task LeaveByKillAsync(TemporaryFolder folder)
    {
        using var running = new TemporaryFolder();
        await using var store = await OpenAsync(running);
        for (var seed = 0; seed < 3; seed++)
            await store.AppendAsync(Batches.Random(seed), default);
        foreach (var file in Directory.GetFiles(running.Path, "*.segment"))
            File.Copy(file, folder[Path.GetFileName(file)]);
    }

    static string SegmentOf(TemporaryFolder folder) => Directory.GetFiles(folder.Path, "*.segment").Single();

    static void FlipBit(string file, int at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= 4;
        File.WriteAllBytes(file, bytes);
    }

    static Task<TraceStore> OpenAsync(TemporaryFolder folder) => TraceStore.OpenAsync(Options, folder.Path, TimeProvider.System);
}
