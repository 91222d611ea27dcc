namespace Clew.Storage;

/// <summary>A file of the store does not hold what was written to it.</summary>
/// <param name="path">The file.</param>
/// <param name="offset">The first byte known to be wrong, or the start of the checksummed part that holds it.</param>
public sealed class CorruptFileException(string path, long offset, string expected, string found)
    : IOException($"{path} is damaged at byte {offset}: expected {expected}, found {found}.")
{
    public string Path { get; } = path;

    public long Offset { get; } = offset;
}
