namespace Clew.Storage.Files;

/// <summary>One file of the store. What was written is durable only after <see cref="Flush"/> returned; before, a crash may keep any part of it.</summary>
/// <remarks>Many threads may read while one writes. Failures are <see cref="IOException"/>s; a lack of space is a <see cref="DiskFullException"/>.</remarks>
internal interface IStorageFile : IReadableFile
{
    /// <summary>Writes the parts one after the other from <paramref name="offset"/> on.</summary>
    void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts);

    /// <summary>Makes the content and the length durable. After a failure nothing written since the last success may be assumed durable, ever.</summary>
    void Flush();

    /// <summary>Extends the file with zeros to at least <paramref name="lengthBytes"/>, with the space for them reserved where the file system can do that.</summary>
    void Preallocate(long lengthBytes);

    /// <summary>Cuts the file.</summary>
    void Truncate(long lengthBytes);
}
