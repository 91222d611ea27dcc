using Clew.Storage.Blocks;
using Clew.Storage.Buckets;
using Clew.Storage.Files;

namespace Clew.Storage.Tests.Buckets;

/// <summary>A tier as one data folder has it.</summary>
internal sealed class TierUnderTest : IDisposable
{
    readonly PageCache? _cache;

    /// <param name="bucket">May be shared with other folders; it stays open.</param>
    public TierUnderTest(string folder, IBucket bucket, TimeProvider? time = null, long cacheBytes = 4 << 20, UInt128 store = default)
        : this(DiskFolder.OpenOrCreate(folder), bucket, time, cacheBytes, store)
    {
    }

    public TierUnderTest(IStorageFolder folder, IBucket bucket, TimeProvider? time = null, long cacheBytes = 4 << 20, UInt128 store = default)
    {
        time ??= TimeProvider.System;
        _cache = cacheBytes == 0 ? null : PageCache.TryOpen(folder, cacheBytes, 0);
        Pages = new PageReader(_cache);
        var ledger = ClaimLedger.Load(folder, store);
        Tier = new Tier("warm", bucket, ledger, new TierClaim("warm", bucket, ledger, folder.Path, time, Events.Add), Pages, time) { Report = Events.Add };
    }

    public Tier Tier { get; }

    public PageReader Pages { get; }

    public List<StorageEvent> Events { get; } = [];

    public string Upload(byte[] content, ulong block = 1)
    {
        var key = Tier.KeyOf(new BlockObject(BlockPlace.WarmBucket, block, Tier.NewTag()));
        Tier.Upload(key, new MemoryFile(content), default);
        return key;
    }

    public void Dispose() => _cache?.Dispose();
}
