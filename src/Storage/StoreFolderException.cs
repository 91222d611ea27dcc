namespace Clew.Storage;

/// <summary>The data folder cannot be used as it is.</summary>
public sealed class StoreFolderException(string path, string problem, Exception? cause = null)
    : IOException($"The data folder {path} cannot be used: {problem}", cause)
{
    public string Path { get; } = path;
}
