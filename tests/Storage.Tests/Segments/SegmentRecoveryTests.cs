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

    [Fact]
    public async Task A_batch_whose_flush_failed_does_not_come_back_when_it_was_sent_again()
    {
        using var temporary = new TemporaryFolder();
        var folder = new HinderedFolder(temporary.Path);
        var batch = Batches.Random(2);
        await using (var store = Open(folder))
        {
            await store.AppendAsync(Batches.Random(1), default);
            FailFlushes(folder, count: 1);
            var failure = await Assert.ThrowsAsync<IOException>(() => store.AppendAsync(batch, default).AsTask());
            Assert.Contains("is not stored", failure.Message, StringComparison.Ordinal);
            Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(batch, default)).Outcome);
        }

        await using var reopened = await OpenAsync(temporary);
        Assert.Equal(Batches.Random(1).SpanCount + batch.SpanCount, reopened.Statistics.SpanCount);
        Assert.Empty(reopened.Statistics.Damage);
    }

    [Fact]
    public async Task A_sender_is_told_when_nobody_knows_whether_its_batch_is_stored()
    {
        using var temporary = new TemporaryFolder();
        var folder = new HinderedFolder(temporary.Path);
        await using var store = Open(folder);
        await store.AppendAsync(Batches.Random(1), default);
        FailFlushes(folder, count: 2);
        var failure = await Assert.ThrowsAsync<IOException>(() => store.AppendAsync(Batches.Random(2), default).AsTask());
        Assert.Contains("may or may not", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_damaged_segment_is_kept_when_the_process_ended_before_it_was_set_aside(bool isDamaged)
    {
        using var temporary = new TemporaryFolder();
        await using (var store = await OpenAsync(temporary))
        {
            for (var seed = 0; seed < 20; seed++)
                await store.AppendAsync(Batches.Random(seed, spanCountMax: 10), default);
        }

        var segment = SegmentOf(temporary);
        if (isDamaged)
            FlipBit(segment, 100);
        var before = await File.ReadAllBytesAsync(segment);
        var folder = new HinderedFolder(temporary.Path)
        {
            Before = (verb, name) =>
            {
                if (verb is "rename" or "delete" && name.EndsWith(".segment", StringComparison.Ordinal))
                    throw new IOException("the test made this fail");
            },
        };
        await using (var store = TraceStore.Open(Options with { SegmentAgeMax = TimeSpan.FromSeconds(1) }, folder, new LaterTime(), StoreThreads.Dedicated(), _ => { }, default))
            await Deadline.UntilAsync(() => store.Statistics.BlockCount > 0, "sealing");
        Assert.True(File.Exists(segment));

        await using (var store = await OpenAsync(temporary))
            Assert.Equal(isDamaged, store.Statistics.Damage.Count > 0);
        Assert.False(File.Exists(segment));
        Assert.Equal(isDamaged, File.Exists(segment + ".damaged"));
        if (isDamaged)
            Assert.Equal(before, await File.ReadAllBytesAsync(segment + ".damaged"));
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

    static void FailFlushes(HinderedFolder folder, int count) => folder.Before = (verb, name) =>
    {
        if (verb == "flush" && name.EndsWith(".segment", StringComparison.Ordinal) && count-- > 0)
            throw new IOException("the test made this flush fail");
    };

    /// <summary>An hour later: every segment is due to be sealed.</summary>
    sealed class LaterTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromHours(1);
    }

    static string SegmentOf(TemporaryFolder folder) => Directory.GetFiles(folder.Path, "*.segment").Single();

    static void FlipBit(string file, int at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= 4;
        File.WriteAllBytes(file, bytes);
    }

    static TraceStore Open(HinderedFolder folder) => TraceStore.Open(Options, folder, TimeProvider.System, StoreThreads.Dedicated(), _ => { }, default);

    static Task<TraceStore> OpenAsync(TemporaryFolder folder) => TraceStore.OpenAsync(Options, folder.Path, TimeProvider.System);
}
