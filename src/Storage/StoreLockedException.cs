namespace Clew.Storage;

/// <summary>Another process, or another store of this one, has the data folder open.</summary>
/// <param name="holder">The process id of the holder; 0 when it is not known.</param>
public sealed class StoreLockedException(string path, int holder) : IOException(
    $"The data folder {path} is in use by {(holder > 0 ? $"process {holder}" : "another process")}. Stop that process, or choose another folder.")
{
    public string Path { get; } = path;

    public int Holder { get; } = holder;
}
