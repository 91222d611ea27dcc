using System.Text;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>An object of a bucket as a file to read. Opening it asks nobody: its length is known from when it was written.</summary>
internal sealed class BucketFile(Tier tier, string key, long lengthBytes, PageReader pages) : IReadableFile
{
    /// <summary>4 MiB: the largest request, for those who read from front to back.</summary>
    public const int RunPagesMax = 16;

    readonly Lock _lock = new();
    long _expected = -1;
    int _run = 1;

    public string Path { get; } = tier.NameOf(key);

    public string Key => key;

    public long LengthBytes => lengthBytes;

    public long PageCount => (lengthBytes + PageCache.PageBytes - 1) / PageCache.PageBytes;

    /// <summary>What the cache knows it by.</summary>
    public ulong Id { get; } = IdOf(key);

    public static ulong IdOf(string key) => StableHash.Of(Encoding.UTF8.GetBytes(key));

    /// <exception cref="BucketException">The bucket does not answer, or not with the object.</exception>
    public int Read(long offset, Span<byte> target)
    {
        var wanted = (int)Math.Clamp(lengthBytes - offset, 0, target.Length);
        var count = 0;
        while (count < wanted)
        {
            var read = pages.Read(this, offset + count, target[count..wanted], RunPagesAt(offset + count));
            if (read == 0)
                break;
            count += read;
        }

        return count;
    }

    /// <summary>Reads from the bucket itself.</summary>
    public int Fetch(long offset, Memory<byte> target) => tier.Read(key, offset, target);

    public void Dispose() => tier.Close(this);

    // Reading that goes on page after page, as a merge does, is answered with ever longer runs; any other gets the pages it touches.
    int RunPagesAt(long offset)
    {
        var page = offset / PageCache.PageBytes;
        lock (_lock)
        {
            if (page == _expected - 1)
                return 1;
            _run = page == _expected ? Math.Min(_run * 2, RunPagesMax) : 1;
            _expected = page + 1;
            return _run;
        }
    }
}
