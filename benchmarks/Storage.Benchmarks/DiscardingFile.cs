using Clew.Storage.Files;

namespace Clew.Storage.Benchmarks;

/// <summary>A file on no disk: what is written to it is counted and forgotten, so that only the making of it is measured.</summary>
internal sealed class DiscardingFile : IStorageFile
{
    public string Path => "nowhere";

    public long LengthBytes { get; private set; }

    public int Read(long offset, Span<byte> target) => 0;

    public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts) => LengthBytes = Math.Max(LengthBytes, offset + parts.Sum(part => (long)part.Length));

    public void Flush()
    {
    }

    public void Preallocate(long lengthBytes) => LengthBytes = Math.Max(LengthBytes, lengthBytes);

    public void Truncate(long lengthBytes) => LengthBytes = lengthBytes;

    public void Dispose()
    {
    }
}
