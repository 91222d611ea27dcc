namespace Clew.Storage.Files;

/// <summary>There is no space left, or the quota is used up. Unlike other failures of a disk, this one passes.</summary>
internal sealed class DiskFullException(string path, Exception? cause = null) : IOException($"There is no space left for {path}.", cause);
