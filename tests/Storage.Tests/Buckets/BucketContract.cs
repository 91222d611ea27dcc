using Clew.Storage.Buckets;

namespace Clew.Storage.Tests.Buckets;

/// <summary>What every bucket does, whatever it is made of.</summary>
public abstract class BucketContract
{
    private protected abstract IBucket Bucket { get; }

    [Fact]
    public void An_object_is_read_as_it_was_written_in_any_range()
    {
        var content = Bytes(1, 300_000);
        Assert.True(Create("a/b/c.block", content));
        Assert.Equal(content.Length, Bucket.FindLength("a/b/c.block", default));
        var random = new Random(2);
        for (var round = 0; round < 20; round++)
        {
            var (offset, count) = (random.Next(content.Length), random.Next(1, 100_000));
            var read = new byte[count];
            var expected = content.AsSpan(offset, Math.Min(count, content.Length - offset));
            Assert.Equal(expected.Length, Bucket.Read("a/b/c.block", offset, read, default));
            Assert.True(expected.SequenceEqual(read.AsSpan(0, expected.Length)), $"seed 2, round {round}: {count} bytes at {offset}");
        }
    }

    [Fact]
    public void An_empty_object_is_one()
    {
        Assert.True(Create("empty", []));
        Assert.Equal(0, Bucket.FindLength("empty", default));
        Assert.Equal(0, Bucket.Read("empty", 0, new byte[10], default));
    }

    [Fact]
    public void Reading_beyond_the_end_reads_nothing()
    {
        Create("short", [1, 2, 3]);
        Assert.Equal(0, Bucket.Read("short", 3, new byte[10], default));
        Assert.Equal(0, Bucket.Read("short", 100, new byte[10], default));
    }

    [Fact]
    public void An_object_that_is_there_is_not_replaced()
    {
        Assert.True(Create("once", [1]));
        Assert.False(Create("once", [2, 2]));
        Assert.Equal(1, Bucket.FindLength("once", default));
    }

    [Fact]
    public void What_is_not_there_is_not_found_and_reading_it_says_so()
    {
        Assert.Null(Bucket.FindLength("nothing", default));
        Assert.Null(Bucket.FindLength("no/folder/either", default));
        Assert.Null(Bucket.FindSmall("nothing", default));
        var failure = Assert.Throws<BucketException>(() => Bucket.Read("no/thing", 0, new byte[1], default));
        Assert.Equal(BucketFailure.Missing, failure.Failure);
        Assert.Contains(Bucket.NameOf("no/thing"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_object_is_gone_and_deleting_it_again_is_no_failure()
    {
        Create("x/gone", [1]);
        Bucket.Delete("x/gone", default);
        Bucket.Delete("x/gone", default);
        Bucket.Delete("never/there", default);
        Assert.Null(Bucket.FindLength("x/gone", default));
    }

    [Fact]
    public void A_listing_shows_all_objects_of_a_prefix_in_order_and_no_others()
    {
        string[] keys = ["s/warm/3", "s/warm/1", "s/warm/20", "s/warm/sub/4", "s/cold/1", "t/warm/1", "s/warm/5", "s/warm/6", "s/warm/7"];
        foreach (var key in keys)
            Create(key, new byte[key.Length]);
        Bucket.TrySwap("s/warm/claim", "text"u8.ToArray(), null, default);
        var expected = keys.Where(key => key.StartsWith("s/warm/", StringComparison.Ordinal)).Append("s/warm/claim").Order(StringComparer.Ordinal);
        Assert.Equal(expected.Select(key => (key, key == "s/warm/claim" ? 4L : key.Length)), Bucket.List("s/warm/", default).Select(item => (item.Key, item.LengthBytes)));
        Assert.Empty(Bucket.List("nobody/", default));
    }

    [Fact]
    public void A_small_object_is_swapped_only_for_the_version_one_has_seen()
    {
        var first = Bucket.TrySwap("s/claim", "first"u8.ToArray(), null, default);
        Assert.NotNull(first);
        Assert.Null(Bucket.TrySwap("s/claim", "other"u8.ToArray(), null, default));
        var second = Bucket.TrySwap("s/claim", "second"u8.ToArray(), first, default);
        Assert.NotNull(second);
        Assert.Null(Bucket.TrySwap("s/claim", "late"u8.ToArray(), first, default));
        var found = Bucket.FindSmall("s/claim", default);
        Assert.Equal("second"u8.ToArray(), found!.Content.ToArray());
        Assert.Equal(second, found.Version);
        Bucket.Delete("s/claim", default);
        Assert.Null(Bucket.TrySwap("s/claim", "late"u8.ToArray(), second, default));
    }

    [Fact]
    public void Of_many_who_create_the_same_object_at_once_exactly_one_succeeds()
    {
        var won = 0;
        Parallel.For(0, 16, number =>
        {
            if (Bucket.TrySwap("race/claim", new[] { (byte)number }, null, default) is not null)
                Interlocked.Increment(ref won);
        });
        Assert.Equal(1, won);
    }

    [Fact]
    public void A_cancelled_creation_leaves_no_object()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Bucket.TryCreate("cancelled", new MemoryFile(Bytes(3, 3 << 20)), cancelled.Token));
        Bucket.RemoveUnfinished("", default);
        Assert.Null(Bucket.FindLength("cancelled", default));
        Assert.Empty(Bucket.List("", default));
    }

    private protected bool Create(string key, byte[] content) => Bucket.TryCreate(key, new MemoryFile(content), default);

    private protected static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
