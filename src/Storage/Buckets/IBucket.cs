using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>Objects by key, somewhere else: written once as a whole, read in ranges, deleted. Only small ones are ever swapped for others.</summary>
/// <remarks>
/// Calls block, as those of <see cref="IStorageFolder"/> do: they are made by the store's own threads and by queries that hold a turn, so their number is bounded.
/// Every failure is a <see cref="BucketException"/>, after as many attempts as make sense. Keys are relative, with "/" between their parts.
/// </remarks>
internal interface IBucket : IDisposable
{
    /// <summary>Which bucket this is: two with the same text are the same.</summary>
    string Location { get; }

    /// <summary>An object's name for people: what they would give to a tool of the bucket.</summary>
    string NameOf(string key);

    /// <summary>Creates an object with the content of a file, durably and whole or not at all.</summary>
    /// <returns>False when there is an object of that key, which is left as it is.</returns>
    bool TryCreate(string key, IReadableFile content, CancellationToken cancellation);

    /// <summary>An object's length, or null when there is none.</summary>
    long? FindLength(string key, CancellationToken cancellation);

    /// <summary>Reads until <paramref name="target"/> is full or the object ends.</summary>
    /// <returns>The number of bytes read.</returns>
    /// <exception cref="BucketException">Among others: the object is <see cref="BucketFailure.Missing"/>.</exception>
    int Read(string key, long offset, Memory<byte> target, CancellationToken cancellation);

    /// <summary>Deletes an object; one that is not there is as good as deleted.</summary>
    void Delete(string key, CancellationToken cancellation);

    /// <summary>All objects whose keys begin with <paramref name="prefix"/>, in ordinal order of their keys.</summary>
    IReadOnlyList<BucketObject> List(string prefix, CancellationToken cancellation);

    /// <summary>Removes what is left of creations that did not end, under keys that begin with <paramref name="prefix"/>.</summary>
    void RemoveUnfinished(string prefix, CancellationToken cancellation);

    /// <summary>Reads a small object, or null when there is none.</summary>
    SmallObject? FindSmall(string key, CancellationToken cancellation);

    /// <summary>Puts a small object in the place of the one of that version, or of none when <paramref name="version"/> is null.</summary>
    /// <returns>The new version, or null when somebody else was there first.</returns>
    string? TrySwap(string key, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellation);
}
