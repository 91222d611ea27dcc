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
    Walk _walk = Walk.None, _other = Walk.None;

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

    // Reading that goes on page after page, as a merge does, is answered with ever longer runs; any other gets the pages it touches. Two walks are told apart, so that looks
    // into an index in between do not end the one through the row groups.
    int RunPagesAt(long offset)
    {
        var page = offset / PageCache.PageBytes;
        lock (_lock)
        {
            if (page != _walk.Page && page != _walk.Page + 1)
                (_walk, _other) = (_other, _walk);
            if (page == _walk.Page)
                return 1;
            _walk = new Walk(page, page == _walk.Page + 1 ? Math.Min(_walk.RunPages * 2, RunPagesMax) : 1);
            return _walk.RunPages;
        }
    }

    /// <param name="Page">The last that was read.</param>
    readonly record struct Walk(long Page, int RunPages)
    {
        public static Walk None { get; } = new(-2, 1);
    }
}
