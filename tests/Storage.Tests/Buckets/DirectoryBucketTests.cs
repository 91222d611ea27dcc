using Clew.Storage.Buckets;

namespace Clew.Storage.Tests.Buckets;

public sealed class DirectoryBucketTests : BucketContract, IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly DirectoryBucket _bucket;

    public DirectoryBucketTests() => _bucket = new DirectoryBucket(_folder.Path, "storage.warm");

    private protected override IBucket Bucket => _bucket;

    [Fact]
    public void A_folder_that_is_not_there_is_never_created_and_the_advice_is_to_mount_it()
    {
        using var bucket = new DirectoryBucket(_folder["not-mounted"], "storage.warm");
        var failure = Assert.Throws<BucketException>(() => bucket.TryCreate("key", new MemoryFile([1]), default));
        Assert.Equal(BucketFailure.Unavailable, failure.Failure);
        Assert.Contains("storage.warm.directory", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["not-mounted"]));
    }

    [Fact]
    public void What_a_crash_left_half_written_is_removed_and_nothing_else()
    {
        Create("s/1.block", [1]);
        File.WriteAllBytes(_folder["s/2.block.0123.tmp"], [2]);
        Directory.CreateDirectory(_folder["t"]);
        File.WriteAllBytes(_folder["t/3.block.0123.tmp"], [3]);
        _bucket.RemoveUnfinished("s/", default);
        Assert.Equal(["1.block"], Directory.GetFiles(_folder["s"]).Select(Path.GetFileName));
        Assert.True(File.Exists(_folder["t/3.block.0123.tmp"]));
        Assert.Equal(["s/1.block"], _bucket.List("", default).Select(item => item.Key));
    }

    [Fact]
    public void The_names_of_folders_are_durable_before_the_first_object_whoever_made_them()
    {
        // By a process that died right after.
        Directory.CreateDirectory(_folder["s/warm"]);
        var flushed = new List<string>();
        using var bucket = new DirectoryBucket(_folder.Path, "storage.warm") { FlushFolder = flushed.Add };
        foreach (var key in (string[])["s/warm/1.block", "s/warm/2.block"])
            bucket.TryCreate(key, new MemoryFile([1]), default);
        Assert.Equal([_folder["s"], _folder.Path, _folder["s/warm"], _folder["s/warm"]], flushed);
    }

    public void Dispose()
    {
        _bucket.Dispose();
        _folder.Dispose();
    }
}
