namespace Clew.Storage.Files;

/// <summary>A file as whoever only reads it sees it. Many threads may read, also while one writes.</summary>
internal interface IReadableFile : IDisposable
{
    string Path { get; }

    long LengthBytes { get; }

    /// <summary>Reads until <paramref name="target"/> is full or the file ends.</summary>
    /// <returns>The number of bytes read.</returns>
    int Read(long offset, Span<byte> target);
}
