namespace Clew.Storage;

/// <summary>How much a <see cref="StorageEvent"/> matters.</summary>
public enum StorageEventLevel
{
    /// <summary>Work as usual: a segment sealed, a folder recovered.</summary>
    Information,

    /// <summary>Appends are refused for now, or something is being repaired.</summary>
    Warning,

    /// <summary>Something is lost, or the disk fails.</summary>
    Error,
}
