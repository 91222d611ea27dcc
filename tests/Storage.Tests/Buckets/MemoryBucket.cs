using System.Globalization;
using Clew.Storage.Buckets;
using Clew.Storage.Files;

namespace Clew.Storage.Tests.Buckets;

/// <summary>A bucket in memory, for what is built on buckets.</summary>
internal sealed class MemoryBucket : IBucket
{
    readonly Lock _lock = new();
    readonly SortedDictionary<string, (byte[] Content, int Version)> _objects = new(StringComparer.Ordinal);
    int _version;

    /// <summary>Asked before each call with its verb and key; what it throws is the failure.</summary>
    public Action<string, string> Before { get; set; } = (_, _) => { };

    /// <summary>Calls so far: verb and key.</summary>
    public List<(string Verb, string Key)> Calls { get; } = [];

    public string Location => "memory";

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_lock)
                return [.. _objects.Keys];
        }
    }

    public static BucketException Unavailable => new("memory", "asked", BucketFailure.Unavailable, "the test says so", "Wait for the test to end.");

    public string NameOf(string key) => "memory/" + key;

    public bool TryCreate(string key, IReadableFile content, CancellationToken cancellation) => Call("create", key, () =>
    {
        cancellation.ThrowIfCancellationRequested();
        var bytes = new byte[content.LengthBytes];
        Assert.Equal(bytes.Length, content.Read(0, bytes));
        return _objects.TryAdd(key, (bytes, ++_version));
    });

    public long? FindLength(string key, CancellationToken cancellation) =>
        Call("find", key, () => _objects.TryGetValue(key, out var found) ? found.Content.Length : (long?)null);

    public int Read(string key, long offset, Memory<byte> target, CancellationToken cancellation) => Call("read", key, () =>
    {
        if (!_objects.TryGetValue(key, out var found))
            throw new BucketException(NameOf(key), "read", BucketFailure.Missing, "there is no such object", "Look elsewhere.");
        using var file = new MemoryFile(found.Content);
        return file.Read(offset, target.Span);
    });

    public void Delete(string key, CancellationToken cancellation) => Call("delete", key, () => _objects.Remove(key));

    public IReadOnlyList<BucketObject> List(string prefix, CancellationToken cancellation) => Call("list", prefix, () =>
        _objects.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(item => new BucketObject(item.Key, item.Value.Content.Length)).ToArray());

    public void RemoveUnfinished(string prefix, CancellationToken cancellation) => Call("tidy", prefix, () => true);

    public SmallObject? FindSmall(string key, CancellationToken cancellation) =>
        Call("find", key, () => _objects.TryGetValue(key, out var found) ? new SmallObject(found.Content, Text(found.Version)) : null);

    public string? TrySwap(string key, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellation) => Call("swap", key, () =>
    {
        if ((_objects.TryGetValue(key, out var found) ? Text(found.Version) : null) != version)
            return null;
        _objects[key] = (content.ToArray(), ++_version);
        return Text(_version);
    });

    public void Dispose()
    {
        // Memory needs no closing.
    }

    static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);

    T Call<T>(string verb, string key, Func<T> call)
    {
        lock (_lock)
            Calls.Add((verb, key));
        // Outside the lock: a test may hold a call here, and look at others meanwhile.
        Before(verb, key);
        lock (_lock)
            return call();
    }
}
