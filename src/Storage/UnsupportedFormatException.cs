namespace Clew.Storage;

/// <summary>A file is intact, and was written by a version or with a setting that this program cannot read.</summary>
public sealed class UnsupportedFormatException(string path, string found, string advice = "Use the version of clew that wrote it, or a newer one.")
    : IOException($"{path} cannot be read by this program: {found}. {advice}")
{
    public string Path { get; } = path;
}
