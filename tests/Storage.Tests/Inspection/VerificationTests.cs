using Clew.Storage.Inspection;
using Clew.Storage.Segments;
using Clew.Storage.Tests.Simulation;

namespace Clew.Storage.Tests.Inspection;

/// <summary>A bit that flips anywhere is found, and the place is named.</summary>
public sealed class VerificationTests
{
    const int EndMarkBytes = 16;

    static readonly Lazy<FilledDisk> Filled = new(() => FilledDisk.Make(seed: 3, batchCount: 40));

    [Fact]
    public void A_store_that_is_whole_has_no_damage_and_all_its_spans_are_good()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var filled = FilledDisk.Make(seed);
            var report = Verify(filled.Disk);
            Assert.True(report.Damage.Count == 0, $"seed {seed}: {string.Join('\n', report.Damage)}");
            Assert.Equal(filled.SpanCount, report.GoodSpanCount);
            Assert.Empty(report.Notes);
            Assert.Equal(filled.Disk.Files.Where(file => file.Key != FileNames.Manifest).Sum(file => file.Value.Length), report.CheckedBytes);
        }
    }

    [Theory]
    [InlineData(".block")]
    [InlineData(".segment")]
    [InlineData("manifest")]
    public void A_bit_that_flips_anywhere_is_named_with_file_and_place(string kind)
    {
        var name = Filled.Value.Disk.Files.Select(file => file.Key).Where(name => name.EndsWith(kind, StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        var length = Filled.Value.Disk.Files.Single(file => file.Key == name).Value.Current.Length;
        // The end mark of a segment says where it ends, and nothing that was acknowledged depends on it.
        var end = kind == ".segment" ? length - EndMarkBytes : length;
        // Every byte at both ends, where the structure is; every so often in between.
        var places = Enumerable.Range(0, end).Where(at => at < 64 || at >= end - 1_000 || at % 61 == 0);
        Parallel.ForEach(places, at =>
        {
            var disk = Filled.Value.Disk.Copy(new Random(at));
            disk.Files.Single(file => file.Key == name).Value.Flip(at, at % 8);
            var report = Verify(disk);
            Assert.True(
                report.Damage.Any(damage => damage.File == "disk/" + name && at >= damage.Offset && at < damage.Offset + damage.Bytes),
                $"{name}, byte {at} of {length}: {string.Join('\n', report.Damage)}");
            Assert.True(report.Damage.All(damage => damage is { Problem.Length: > 0, Loss.Length: > 0, Advice.Length: > 0 }), $"{name}, byte {at}");
            Assert.True(report.Damage.All(damage => damage.File.EndsWith(name, StringComparison.Ordinal)), $"{name}, byte {at}: {string.Join('\n', report.Damage)}");
        });
    }

    [Theory]
    [InlineData(".block")]
    [InlineData(".segment")]
    [InlineData("manifest")]
    public void What_is_not_damaged_is_good_and_as_much_as_a_start_finds(string kind) => Parallel.For(1, 30, seed =>
    {
        var random = new Random(seed);
        var disk = Filled.Value.Disk.Copy(random);
        var (name, file) = random.GetItems(disk.Files.Where(file => file.Key.EndsWith(kind, StringComparison.Ordinal)).ToArray(), 1)[0];
        file.Flip(random.Next(file.Current.Length), random.Next(8));
        var report = Verify(disk);
        var scheduler = new SeededScheduler(random);
        var store = TraceStore.Open(FilledDisk.Options, disk.NewProcess(), new ManualTime(), new StoreThreads(scheduler, scheduler, scheduler), _ => { }, default);
        var found = scheduler.Run(async () =>
        {
            var spans = 0L;
            await foreach (var batch in store.ScanAsync(Model.TimeRange.All, default, new Model.TraceId(ulong.MaxValue, ulong.MaxValue), default))
                spans += batch.SpanCount;
            return spans;
        });
        Assert.True(found == report.GoodSpanCount, $"seed {seed}, {name}: a start finds {found} spans, {report.GoodSpanCount} were called good. {string.Join('\n', report.Damage)}");
    });

    [Theory]
    [InlineData(".block")]
    [InlineData(".segment")]
    public void A_file_that_is_gone_is_named_with_what_was_in_it(string kind)
    {
        var disk = Filled.Value.Disk.Copy(new Random(1));
        var name = disk.Files.Select(file => file.Key).Where(name => name.EndsWith(kind, StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        disk.NewProcess().Delete(name);
        var damage = Verify(disk).Damage;
        // The newest segment may not have been begun: only a gap tells that one is gone.
        if (kind == ".segment")
        {
            Assert.Empty(damage);
            return;
        }

        var missing = Assert.Single(damage);
        Assert.Equal("disk/" + name, missing.File);
        Assert.Contains(" spans of the block, which start from ", missing.Loss, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_write_to_a_segment_that_a_crash_cut_short_is_no_damage()
    {
        var disk = Filled.Value.Disk.Copy(new Random(1));
        var folder = disk.NewProcess();
        Assert.True(FileNames.TryParseSegment(folder.List().Last(name => name.EndsWith(".segment", StringComparison.Ordinal)), out var newest));
        SegmentWriter.Create(folder, newest + 1, created: default, stepBytes: 64 << 10).Dispose();
        using var file = folder.Open(FileNames.Segment(newest + 1));
        file.Write(SegmentHeader.Bytes, [new byte[] { 1, 2, 3 }]);
        var report = Verify(disk);
        Assert.Empty(report.Damage);
        Assert.Contains("never acknowledged", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Verification_changes_nothing()
    {
        var disk = Filled.Value.Disk.Copy(new Random(1));
        foreach (var (name, file) in disk.Files.ToArray())
            file.Flip(file.Current.Length / 2, 3);
        var before = disk.Files.ToDictionary(file => file.Key, file => file.Value.Current.ToArray());
        Assert.NotEmpty(Verify(disk).Damage);
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), disk.Files.Select(file => file.Key).Order(StringComparer.Ordinal));
        Assert.All(disk.Files, file => Assert.Equal(before[file.Key], file.Value.Current));
    }

    static VerificationReport Verify(SimulatedDisk disk)
    {
        using var snapshot = StoreSnapshot.Open(disk.NewProcess());
        return StoreVerification.Run(snapshot);
    }
}
