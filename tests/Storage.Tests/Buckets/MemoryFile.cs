using Clew.Storage.Files;

namespace Clew.Storage.Tests.Buckets;

/// <summary>Bytes as a file to read.</summary>
internal sealed class MemoryFile(byte[] content) : IReadableFile
{
    public string Path => "memory";

    public long LengthBytes => content.Length;

    public int Read(long offset, Span<byte> target)
    {
        var count = (int)Math.Clamp(content.Length - offset, 0, target.Length);
        content.AsSpan((int)Math.Min(offset, content.Length), count).CopyTo(target);
        return count;
    }

    public void Dispose()
    {
        // Bytes need no closing.
    }
}
