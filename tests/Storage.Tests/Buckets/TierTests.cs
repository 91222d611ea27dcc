using System.Globalization;
using Clew.Storage.Buckets;

namespace Clew.Storage.Tests.Buckets;

/// <summary>Whose objects are whose, and who may change them.</summary>
public sealed class TierTests : IDisposable
{
    readonly TemporaryFolder _root = new();
    readonly MemoryBucket _bucket = new();

    [Fact]
    public void Two_stores_in_one_bucket_never_meet()
    {
        using var one = new TierUnderTest(Folder("one"), _bucket);
        using var other = new TierUnderTest(Folder("other"), _bucket);
        var (mine, theirs) = (one.Upload([1]), other.Upload([2]));
        Assert.NotEqual(mine, theirs);
        one.Tier.Renew(mine, default);
        other.Tier.Renew(theirs, default);
        one.Tier.Renew(mine, default);
        Assert.Equal([mine], one.Tier.List(default).Select(item => item.Key));
        Assert.Throws<BucketException>(() => one.Tier.Delete(theirs, default));
        Assert.Contains(theirs, _bucket.Keys);
    }

    [Fact]
    public void A_folder_recognises_its_claim_after_any_number_of_restarts()
    {
        for (var start = 0; start < 4; start++)
        {
            using var tier = new TierUnderTest(Folder("one"), _bucket);
            tier.Tier.Renew(null, default);
            tier.Tier.Renew(null, default);
        }

        Assert.Single(_bucket.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_crash_around_the_swap_of_the_token_is_recognised(bool isSwapped)
    {
        using (var tier = new TierUnderTest(Folder("one"), _bucket))
        {
            tier.Tier.Renew(null, default);
            var swaps = 0;
            _bucket.Before = (verb, _) =>
            {
                if (verb == "swap" && !isSwapped)
                    throw MemoryBucket.Unavailable;
                if (verb == "swap")
                    swaps++;
            };
            if (isSwapped)
                tier.Tier.Renew(null, default);
            else
                Assert.Throws<BucketException>(() => tier.Tier.Renew(null, default));
            Assert.Equal(isSwapped ? 1 : 0, swaps);
        }

        _bucket.Before = (_, _) => { };
        using var restarted = new TierUnderTest(Folder("one"), _bucket);
        restarted.Tier.Renew(null, default);
        Assert.Single(_bucket.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_folder_and_a_copy_of_it_the_second_to_come_changes_nothing(bool isCopyFirst)
    {
        using (var tier = new TierUnderTest(Folder("one"), _bucket))
            tier.Tier.Renew(null, default);
        Copy("one", "copy");
        using var original = new TierUnderTest(Folder("one"), _bucket);
        using var copy = new TierUnderTest(Folder("copy"), _bucket);
        var (first, second) = isCopyFirst ? (copy, original) : (original, copy);
        first.Tier.Renew(null, default);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var failure = Assert.Throws<BucketException>(() => second.Tier.Renew(null, default));
            Assert.Equal(BucketFailure.Refused, failure.Failure);
            Assert.Contains(isCopyFirst ? "copy" : "one", failure.Message, StringComparison.Ordinal);
            Assert.Contains("claim", failure.Message, StringComparison.Ordinal);
        }

        first.Tier.Renew(null, default);
        Assert.NotEqual("", second.Tier.ChangeTrouble);
        Assert.Equal("", second.Tier.OutageText);
    }

    [Fact]
    public void Whoever_removes_a_claim_by_hand_lets_the_other_folder_take_over()
    {
        using (var tier = new TierUnderTest(Folder("one"), _bucket))
            tier.Tier.Renew(null, default);
        Copy("one", "copy");
        using var original = new TierUnderTest(Folder("one"), _bucket);
        var key = original.Upload([1]);
        original.Tier.Renew(key, default);
        using var copy = new TierUnderTest(Folder("copy"), _bucket);
        Assert.Throws<BucketException>(() => copy.Tier.Renew(key, default));
        _bucket.Delete(_bucket.Keys.Single(name => name.EndsWith("claim", StringComparison.Ordinal)), default);
        copy.Tier.Renew(key, default);
        Assert.Throws<BucketException>(() => original.Tier.Renew(key, default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whoever_starts_with_a_claim_of_its_own_watches_whether_another_renews_it(bool isOriginalAlive)
    {
        var time = new Simulation.ManualTime();
        using var original = new TierUnderTest(Folder("one"), _bucket, time);
        Assert.True(original.Tier.TrySettle(null, default));
        Copy("one", "copy");
        using var copy = new TierUnderTest(Folder("copy"), _bucket, time);
        for (var minute = 0; minute < 24; minute++)
        {
            Assert.False(copy.Tier.TrySettle(null, default));
            time.Advance(TimeSpan.FromMinutes(1));
            if (isOriginalAlive && original.Tier.IsClaimDue)
                original.Tier.Renew(null, default);
        }

        time.Advance(TimeSpan.FromMinutes(2));
        if (isOriginalAlive)
        {
            Assert.Throws<BucketException>(() => copy.Tier.TrySettle(null, default));
            original.Tier.Renew(null, default);
        }
        else
        {
            Assert.True(copy.Tier.TrySettle(null, default));
            Assert.Throws<BucketException>(() => original.Tier.Renew(null, default));
        }
    }

    [Fact]
    public void A_bucket_without_the_claim_and_without_a_block_that_should_be_there_is_another_bucket()
    {
        string key;
        using (var tier = new TierUnderTest(Folder("one"), _bucket))
        {
            key = tier.Upload([1]);
            tier.Tier.Renew(key, default);
        }

        using var empty = new MemoryBucket();
        using var moved = new TierUnderTest(Folder("one"), empty);
        var failure = Assert.Throws<BucketException>(() => moved.Tier.Renew(key, default));
        Assert.Contains("mounted", failure.Message, StringComparison.Ordinal);
        Assert.Empty(empty.Keys);
    }

    [Fact]
    public void A_folder_that_has_lost_its_ledger_still_knows_its_store_and_needs_a_hand_to_claim_it()
    {
        using (var tier = new TierUnderTest(Folder("one"), _bucket))
            tier.Tier.Renew(tier.Upload([1]), default);
        File.Delete(Path.Combine(Folder("one"), "claims"));
        var key = _bucket.Keys.Single(name => name.EndsWith(".block", StringComparison.Ordinal));
        using var restarted = new TierUnderTest(Folder("one"), _bucket, store: UInt128.Parse(key.Split('/')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        Assert.Equal([key], restarted.Tier.List(default).Select(item => item.Key));
        Assert.Throws<BucketException>(() => restarted.Tier.Renew(key, default));
        _bucket.Delete(_bucket.Keys.Single(name => name.EndsWith("claim", StringComparison.Ordinal)), default);
        restarted.Tier.Renew(key, default);
    }

    [Fact]
    public void A_damaged_ledger_is_no_ledger()
    {
        using (var tier = new TierUnderTest(Folder("one"), _bucket))
            tier.Tier.Renew(null, default);
        var path = Path.Combine(Folder("one"), "claims");
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 4;
            File.WriteAllBytes(path, bytes);
            bytes[at] ^= 4;
            // Another store, or the same one without a token: in neither case the claim of before.
            using var tier = new TierUnderTest(Folder("one"), new MemoryBucket());
            Assert.DoesNotContain(tier.Upload([1]).Split('/')[0], _bucket.Keys.Single(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true, true, "")]
    [InlineData(false, true, "(If-None-Match)")]
    [InlineData(true, false, "(If-Match)")]
    [InlineData(false, false, "(If-None-Match, If-Match)")]
    public async Task A_server_that_ignores_conditions_is_told_of_once(bool knowsIfNoneMatch, bool knowsIfMatch, string told)
    {
        await using var fake = await FakeS3.StartAsync();
        using var bucket = new S3Bucket(fake.Options, "storage.warm.s3", new S3Timing(), TimeProvider.System);
        (fake.KnowsIfNoneMatch, fake.KnowsIfMatch) = (knowsIfNoneMatch, knowsIfMatch);
        using var tier = new TierUnderTest(Folder("one"), bucket);
        tier.Tier.Renew(null, default);
        tier.Tier.Renew(null, default);
        if (told.Length == 0)
            Assert.Empty(tier.Events);
        else
            Assert.Contains(told, Assert.Single(tier.Events).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_that_is_being_read_is_known_to_be()
    {
        using var tier = new TierUnderTest(Folder("one"), _bucket);
        var key = tier.Upload([1, 2, 3]);
        using (tier.Tier.Open(key, 3))
        using (tier.Tier.Open(key, 3))
            Assert.True(tier.Tier.IsOpen(key));
        Assert.False(tier.Tier.IsOpen(key));
        tier.Tier.Delete(key, default);
        Assert.Empty(_bucket.Keys);
    }

    [Fact]
    public void An_upload_whose_answer_was_lost_is_not_done_twice()
    {
        using var tier = new TierUnderTest(Folder("one"), _bucket);
        var key = tier.Upload([1, 2, 3]);
        tier.Tier.Upload(key, new MemoryFile([1, 2, 3]), default);
        Assert.Throws<BucketException>(() => tier.Tier.Upload(key, new MemoryFile([1, 2]), default));
    }

    public void Dispose()
    {
        _bucket.Dispose();
        _root.Dispose();
    }

    string Folder(string name) => _root[name];

    void Copy(string from, string to)
    {
        Directory.CreateDirectory(Folder(to));
        foreach (var file in Directory.GetFiles(Folder(from)))
            File.Copy(file, Path.Combine(Folder(to), Path.GetFileName(file)), overwrite: true);
    }
}
