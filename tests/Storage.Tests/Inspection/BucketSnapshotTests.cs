using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Buckets;
using Clew.Storage.Files;
using Clew.Storage.Inspection;
using Clew.Storage.Tests.Buckets;

namespace Clew.Storage.Tests.Inspection;

/// <summary>Looking after a store some of whose blocks are elsewhere.</summary>
public sealed class BucketSnapshotTests : IDisposable
{
    const ulong Tag = 0x1234;
    const int Blocks = 3;

    static readonly UInt128 Store = new(0, 42);
    static readonly UnixNanos Arrived = new(1_000_000_000);

    readonly TemporaryFolder _temporary = new();
    readonly SpanBatch[] _batches = [.. Enumerable.Range(1, Blocks).Select(seed => Batches.Random(seed))];

    public BucketSnapshotTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ObjectPath)!);
        var folder = DiskFolder.OpenOrCreate(_temporary["data"]);
        var manifest = new Manifest(1, 2, 10, []) { Store = Store };
        for (var id = 1UL; id <= Blocks; id++)
        {
            using var file = folder.Create(FileNames.Block(id));
            // The first has several row groups, the others one.
            var index = BlockWriter.Write(file, _batches[id - 1], new BlockOrigin(1, 1, Arrived, Arrived, StoreLevel.Warm, []), id == 1 ? 8 : 64, ChunkCodec.None, default);
            manifest = manifest with { Blocks = manifest.Blocks.Add(BlockSummary.Of(id, file.LengthBytes, index)) };
        }

        File.Move(_temporary["data/0000000002.block"], ObjectPath);
        (manifest with { Blocks = manifest.Blocks.SetItem(1, manifest.Blocks[1] with { Place = BlockPlace.WarmBucket, Tag = Tag }) }).Save(folder);
    }

    StorageOptions Buckets => new() { Warm = new TierOptions { Directory = _temporary["archive"] } };

    string ObjectPath => Path.Combine(_temporary["archive"], Store.ToString("x32", null), "warm", $"0000000002-{Tag:x16}.block");

    long AllSpans => _batches.Sum(batch => (long)batch.SpanCount);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Blocks_in_a_bucket_are_verified_like_all_others()
    {
        var report = Verify(Buckets);
        Assert.True(report.IsGood);
        Assert.Equal((Blocks, AllSpans), (report.BlockCount, report.GoodSpanCount));
        Assert.Empty(report.Notes);

        var bytes = File.ReadAllBytes(ObjectPath);
        bytes[100] ^= 1;
        File.WriteAllBytes(ObjectPath, bytes);
        report = Verify(Buckets);
        Assert.Equal(ObjectPath, Assert.Single(report.Damage).File);
        Assert.Equal(AllSpans - _batches[1].SpanCount, report.GoodSpanCount);
    }

    [Fact]
    public void An_object_that_is_gone_is_damage_unless_the_server_has_deleted_it()
    {
        File.Delete(ObjectPath);
        var missing = Assert.Single(Verify(Buckets).Damage);
        Assert.Equal(ObjectPath, missing.File);
        Assert.Contains($"all {_batches[1].SpanCount} spans", missing.Loss, StringComparison.Ordinal);

        using var snapshot = StoreSnapshot.Open(_temporary["data"], Buckets);
        var folder = DiskFolder.OpenOrCreate(_temporary["data"]);
        var manifest = Manifest.Load(folder);
        (manifest with { Generation = 2, Blocks = manifest.Blocks.RemoveAt(1) }).Save(folder);
        var report = StoreVerification.Run(snapshot);
        Assert.True(report.IsGood);
        Assert.Contains(ObjectPath, Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bucket_that_does_not_answer_leaves_its_blocks_unchecked_and_finds_no_damage()
    {
        Directory.Move(_temporary["archive"], _temporary["elsewhere"]);
        var report = Verify(Buckets);
        Assert.False(report.IsGood);
        Assert.Empty(report.Damage);
        Assert.Contains($"1 blocks with {_batches[1].SpanCount} spans in the bucket of the warm level could not be read", Assert.Single(report.Unchecked), StringComparison.Ordinal);
        Assert.Equal(AllSpans - _batches[1].SpanCount, report.GoodSpanCount);
    }

    [Fact]
    public void Without_the_setting_the_rest_is_verified_and_what_is_left_out_is_not_checked()
    {
        var report = Verify(null);
        Assert.False(report.IsGood);
        Assert.Empty(report.Damage);
        Assert.Equal(AllSpans - _batches[1].SpanCount, report.GoodSpanCount);
        Assert.Contains($"1 blocks with {_batches[1].SpanCount} spans", Assert.Single(report.Unchecked), StringComparison.Ordinal);
        Assert.Contains("storage.warm", report.Unchecked[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Spans_in_a_bucket_are_exported()
    {
        using var snapshot = StoreSnapshot.Open(_temporary["data"], Buckets);
        var export = new SpanExport(snapshot, SpanSelection.All);
        Batches.AssertSameSpans(_batches.SelectMany(batch => Batches.Rows(batch)), export.Read(null, default).SelectMany(batch => Batches.Rows(batch)), "export");
        Assert.Empty(export.Missing);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void What_a_bucket_does_not_give_is_named_once_and_the_rest_is_exported(bool isObjectGone, bool hasWholeTraces)
    {
        TakeAway(isObjectGone);
        using var snapshot = StoreSnapshot.Open(_temporary["data"], Buckets);
        var export = new SpanExport(snapshot, SpanSelection.All) { HasWholeTraces = hasWholeTraces };
        SpanBatch[] there = [_batches[0], _batches[2]];
        Batches.AssertSameSpans(there.SelectMany(batch => Batches.Rows(batch)), export.Read(null, default).SelectMany(batch => Batches.Rows(batch)), "export");
        Assert.Contains($"{_batches[1].SpanCount} spans", Assert.Single(export.Missing), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_bucket_does_not_give_is_named_and_the_rest_is_counted(bool isObjectGone)
    {
        TakeAway(isObjectGone);
        using var snapshot = StoreSnapshot.Open(_temporary["data"], Buckets);
        var figures = StoreFigures.Of(snapshot);
        Assert.Equal(AllSpans - _batches[1].SpanCount, figures.SpanCount);
        Assert.Equal(figures.BlockBytes, figures.Columns.Sum(column => column.StoredBytes));
        Assert.Empty(figures.Unreadable);
        Assert.Contains($"{_batches[1].SpanCount} spans", Assert.Single(figures.Unreachable), StringComparison.Ordinal);
    }

    // Of the bucket, or of its object alone.
    void TakeAway(bool isObjectGone)
    {
        if (isObjectGone)
            File.Delete(ObjectPath);
        else
            Directory.Move(_temporary["archive"], _temporary["elsewhere"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_with_the_buckets_needs_none_and_one_without_says_where_to_look(bool hasBuckets)
    {
        using (var snapshot = StoreSnapshot.Open(_temporary["data"], hasBuckets ? Buckets : null))
        {
            new StoreBackup(snapshot, _temporary["backup"]).Run();
            Assert.Equal(hasBuckets ? 0 : 1, snapshot.LeftOut.Count);
        }

        Assert.True(File.Exists(ObjectPath));
        var forever = new Storage.Retention.RetentionOptions
        {
            LiveUntil = TimeSpan.FromDays(30_000), KeptUntil = TimeSpan.FromDays(35_000), WarmUntil = TimeSpan.FromDays(36_000), ColdUntil = TimeSpan.FromDays(36_400),
        };
        await using var restored = await TraceStore.OpenAsync((hasBuckets ? new StorageOptions() : Buckets) with { Retention = forever }, _temporary["backup"], TimeProvider.System);
        var found = new List<(SpanBatch, int)>();
        await foreach (var batch in restored.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
            found.AddRange(Batches.Rows(batch));
        Batches.AssertSameSpans(_batches.SelectMany(batch => Batches.Rows(batch)), found, "restored");
        Assert.Empty(restored.Statistics.Damage);
    }

    [Fact]
    public void A_backup_with_the_buckets_is_not_made_of_an_object_that_ends_too_early()
    {
        var whole = File.ReadAllBytes(ObjectPath);
        File.WriteAllBytes(ObjectPath, whole[..^100]);
        using var snapshot = StoreSnapshot.Open(_temporary["data"], Buckets);
        var failure = Assert.Throws<CorruptFileException>(() => new StoreBackup(snapshot, _temporary["backup"]).Run());
        Assert.Equal((ObjectPath, whole.Length - 100), (failure.Path, failure.Offset));
        Assert.False(Directory.Exists(_temporary["backup"]));
    }

    [Fact]
    public void Of_a_block_whose_bucket_fails_halfway_no_span_is_called_good()
    {
        using var snapshot = StoreSnapshot.Open(_temporary["data"]);
        var (block, readsMax) = (snapshot.Blocks[0], 0);
        for (var isDone = false; !isDone; readsMax++)
        {
            var log = new VerificationLog(0, null);
            try
            {
                new BlockVerification(block with { File = new FailingFile(block.File, readsMax) }, log, default).Run();
                isDone = true;
            }
            catch (BucketException failure)
            {
                log.AddUnchecked(block.Summary, failure);
            }

            Assert.Equal(isDone ? block.Summary.SpanCount : 0, log.ToReport(1, 0).GoodSpanCount);
        }

        Assert.True(readsMax > 10);
    }

    /// <summary>After so many reads there is no answer any more.</summary>
    sealed class FailingFile(IReadableFile file, int readsMax) : IReadableFile
    {
        int _reads;

        public string Path => file.Path;

        public long LengthBytes => file.LengthBytes;

        public int Read(long offset, Span<byte> target) => _reads++ < readsMax ? file.Read(offset, target) : throw MemoryBucket.Unavailable;

        public void Dispose()
        {
            // The file is the snapshot's.
        }
    }

    VerificationReport Verify(StorageOptions? buckets)
    {
        using var snapshot = StoreSnapshot.Open(_temporary["data"], buckets);
        return StoreVerification.Run(snapshot);
    }
}
