using Clew.Storage.Buckets;
using Clew.Storage.Files;

namespace Clew.Storage.Tests.Buckets;

/// <summary>Reading objects by pages: right bytes, few requests, within a budget, whatever happens to the cache.</summary>
public sealed class PageReaderTests : IDisposable
{
    const int Page = PageCache.PageBytes;

    readonly TemporaryFolder _folder = new();
    readonly MemoryBucket _bucket = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Any_range_of_any_object_is_read_right_with_a_cache_of_any_size(int cachePages)
    {
        using var tier = new TierUnderTest(_folder.Path, _bucket, cacheBytes: cachePages * (long)Page);
        var random = new Random(1);
        int[] lengths = [1, 100, Page - 1, Page, Page + 1, 5 * Page + 17];
        var contents = lengths.Select((length, number) => Bytes(number, length)).ToArray();
        var files = contents.Select((content, number) => tier.Tier.Open(tier.Upload(content, (ulong)number), content.Length)).ToArray();
        for (var round = 0; round < 300; round++)
        {
            var which = random.Next(files.Length);
            AssertReads(files[which], contents[which], random.Next(lengths[which] + 10), random.Next(random.Next(2) == 0 ? 1000 : 3 * Page), $"seed 1, round {round}");
        }

        Assert.True(tier.Pages.CachedBytes <= cachePages * (long)Page);
        foreach (var file in files)
            file.Dispose();
    }

    [Fact]
    public void Pages_that_were_read_are_not_asked_for_again_not_even_after_a_restart()
    {
        var content = Bytes(1, 4 * Page);
        string key;
        using (var tier = new TierUnderTest(_folder.Path, _bucket))
        {
            key = tier.Upload(content);
            using var file = tier.Tier.Open(key, content.Length);
            AssertReads(file, content, 100, 3 * Page, "at first");
            Assert.Equal(1, tier.Pages.FetchCount);
        }

        using var restarted = new TierUnderTest(_folder.Path, _bucket);
        using var again = restarted.Tier.Open(key, content.Length);
        AssertReads(again, content, 0, 3 * Page, "after a restart");
        Assert.Equal(0, restarted.Pages.FetchCount);
    }

    [Fact]
    public void Reading_from_front_to_back_takes_few_requests()
    {
        using var tier = new TierUnderTest(_folder.Path, _bucket, cacheBytes: 64L * Page);
        var content = Bytes(1, 40 * Page);
        using var file = tier.Tier.Open(tier.Upload(content), content.Length);
        for (var offset = 0; offset < content.Length; offset += 10_000)
            AssertReads(file, content, offset, 10_000, $"at {offset}");
        Assert.InRange(tier.Pages.FetchCount, 3, 8);
    }

    [Fact]
    public void Looks_aside_do_not_end_reading_from_front_to_back()
    {
        // As a merge or a check does: row group by row group, with a look into the index after each.
        using var tier = new TierUnderTest(_folder.Path, _bucket, cacheBytes: 64L * Page);
        var content = Bytes(1, 50 * Page);
        using var file = tier.Tier.Open(tier.Upload(content), content.Length);
        for (var offset = 0; offset < 40 * Page; offset += Page / 2)
        {
            AssertReads(file, content, offset, 10_000, $"at {offset}");
            AssertReads(file, content, (45 + offset / Page % 3) * Page, 100, "the index");
        }

        Assert.InRange(tier.Pages.FetchCount, 3, 12);
    }

    [Fact]
    public async Task Those_who_miss_the_same_page_at_once_share_one_request_and_its_failure()
    {
        using var tier = new TierUnderTest(_folder.Path, _bucket);
        var content = Bytes(1, Page);
        using var file = tier.Tier.Open(tier.Upload(content), content.Length);
        foreach (var fails in (bool[])[true, false])
        {
            _bucket.Calls.Clear();
            using var gate = new ManualResetEventSlim();
            _bucket.Before = (verb, _) =>
            {
                if (verb != "read")
                    return;
                gate.Wait();
                if (fails)
                    throw new BucketException("memory", "read", BucketFailure.Missing, "the test says so", "Wait.");
            };
            var readers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() => file.Read(0, new byte[10]), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            await Deadline.UntilAsync(() => _bucket.Calls.Count > 0, "a read");
            gate.Set();
            foreach (var reader in readers)
            {
                if (fails)
                    await Assert.ThrowsAsync<BucketException>(() => reader);
                else
                    Assert.Equal(10, await reader);
            }

            // Those who came after the failure have asked again; those who waited for it have not.
            Assert.InRange(_bucket.Calls.Count, 1, fails ? 8 : 1);
        }
    }

    [Fact]
    public void A_page_that_the_local_disk_has_spoilt_is_read_anew()
    {
        var content = Bytes(1, 8 * Page);
        string key;
        using (var tier = new TierUnderTest(_folder.Path, _bucket))
        {
            key = tier.Upload(content);
            using var file = tier.Tier.Open(key, content.Length);
            AssertReads(file, content, 0, content.Length, "at first");
        }

        var path = _folder["buckets.cache"];
        var spoilt = File.ReadAllBytes(path);
        var random = new Random(2);
        for (var flips = 0; flips < 200; flips++)
            spoilt[random.Next(4096, spoilt.Length)] ^= (byte)(1 << random.Next(8));
        File.WriteAllBytes(path, spoilt);
        using var restarted = new TierUnderTest(_folder.Path, _bucket);
        using var again = restarted.Tier.Open(key, content.Length);
        AssertReads(again, content, 0, content.Length, "seed 2, after 200 flips");
        Assert.True(restarted.Pages.FetchCount > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(5000)]
    public void A_cache_that_is_cut_short_or_of_another_size_is_begun_anew(int length)
    {
        var content = Bytes(1, 3 * Page);
        string key;
        using (var tier = new TierUnderTest(_folder.Path, _bucket, cacheBytes: 64L * Page))
        {
            key = tier.Upload(content);
            using var file = tier.Tier.Open(key, content.Length);
            AssertReads(file, content, 0, content.Length, "at first");
        }

        using (var cache = new FileStream(_folder["buckets.cache"], FileMode.Open))
            cache.SetLength(length);
        foreach (var pages in (int[])[64, 8])
        {
            using var restarted = new TierUnderTest(_folder.Path, _bucket, cacheBytes: pages * (long)Page);
            using var again = restarted.Tier.Open(key, content.Length);
            AssertReads(again, content, 0, content.Length, $"{pages} pages");
            Assert.True(restarted.Pages.FetchCount > 0);
        }
    }

    [Fact]
    public void A_local_disk_that_takes_no_more_pages_harms_nobody()
    {
        var folder = new HinderedFolder(_folder.Path);
        using var tier = new TierUnderTest(folder, _bucket);
        var content = Bytes(1, 4 * Page);
        using var file = tier.Tier.Open(tier.Upload(content), content.Length);
        folder.Before = (verb, name) =>
        {
            if (verb == "write")
                throw new DiskFullException(name);
        };
        for (var offset = 0; offset < content.Length; offset += 5000)
            AssertReads(file, content, offset, 5000, $"at {offset}");
        Assert.Equal(0, tier.Pages.CachedBytes);
        Assert.InRange(tier.Pages.FetchCount, 1, 4);
    }

    [Fact]
    public void While_a_bucket_is_out_reads_fail_at_once_and_one_asks_from_time_to_time()
    {
        var time = new Simulation.ManualTime();
        using var tier = new TierUnderTest(_folder.Path, _bucket, time);
        var content = Bytes(1, 10 * Page);
        using var file = tier.Tier.Open(tier.Upload(content), content.Length);
        AssertReads(file, content, 0, 10, "before");
        _bucket.Before = (_, _) => throw MemoryBucket.Unavailable;
        _bucket.Calls.Clear();
        for (var page = 1; page < 10; page++)
            Assert.Equal(BucketFailure.Unavailable, Assert.Throws<BucketException>(() => file.Read(page * (long)Page, new byte[1])).Failure);
        Assert.Single(_bucket.Calls);
        Assert.Contains("the test says so", tier.Tier.OutageText, StringComparison.Ordinal);
        AssertReads(file, content, 0, 10, "what is in the cache stays readable");
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Throws<BucketException>(() => file.Read(Page, new byte[1]));
        Assert.Equal(2, _bucket.Calls.Count);
        _bucket.Before = (_, _) => { };
        time.Advance(TimeSpan.FromSeconds(6));
        AssertReads(file, content, Page, Page, "after");
        Assert.Equal("", tier.Tier.OutageText);
    }

    [Fact]
    public void An_object_that_is_shorter_than_it_should_be_is_read_to_where_it_ends()
    {
        using var tier = new TierUnderTest(_folder.Path, _bucket);
        using var file = tier.Tier.Open(tier.Upload(Bytes(1, Page + 10)), 3 * Page);
        Assert.Equal(Page + 10, file.Read(0, new byte[3 * Page]));
        Assert.Equal(0, tier.Pages.CachedBytes);
    }

    [Fact]
    public void Many_readers_of_a_small_cache_read_right()
    {
        using var tier = new TierUnderTest(_folder.Path, _bucket, cacheBytes: 3L * Page);
        var content = Bytes(1, 8 * Page);
        using var file = tier.Tier.Open(tier.Upload(content), content.Length);
        Parallel.For(0, 8, seed =>
        {
            var random = new Random(seed);
            for (var round = 0; round < 60; round++)
                AssertReads(file, content, random.Next(content.Length), random.Next(2000), $"seed {seed}, round {round}");
        });
    }

    public void Dispose()
    {
        _bucket.Dispose();
        _folder.Dispose();
    }

    static void AssertReads(IReadableFile file, byte[] content, int offset, int count, string context)
    {
        var target = new byte[count];
        var expected = content.AsSpan(Math.Min(offset, content.Length), Math.Clamp(content.Length - offset, 0, count));
        var read = file.Read(offset, target);
        Assert.True(read == expected.Length && expected.SequenceEqual(target.AsSpan(0, read)), $"{context}: {count} bytes at {offset} of {content.Length}: {read} read");
    }

    static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
