using System.Globalization;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>The tiers that a store is configured with, by the place of their blocks.</summary>
internal sealed class TierSet : IDisposable
{
    readonly Dictionary<BlockPlace, Tier> _tiers = [];
    readonly ClaimLedger? _ledger;
    readonly PageCache? _cache;

    TierSet()
    {
    }

    TierSet(StorageOptions options, IStorageFolder folder, Manifest manifest, Func<TierOptions, string, IBucket?> newBucket, TimeProvider time, Action<StorageEvent> report)
    {
        if (!options.Warm.IsGiven && !options.Cold.IsGiven)
        {
            PageCache.Remove(folder);
            return;
        }

        _ledger = ClaimLedger.Load(folder, manifest.Store);
        _cache = PageCache.TryOpen(folder, options.BucketCacheBytesMax, options.FreeBytesMin);
        Pages = new PageReader(_cache);
        Add(options, _ledger, folder.Path, newBucket, time, report);
    }

    void Add(StorageOptions options, ClaimLedger ledger, string folder, Func<TierOptions, string, IBucket?> newBucket, TimeProvider time, Action<StorageEvent> report)
    {
        foreach (var (place, name, tier) in (ReadOnlySpan<(BlockPlace, string, TierOptions)>)[(BlockPlace.WarmBucket, "warm", options.Warm), (BlockPlace.ColdBucket, "cold", options.Cold)])
        {
            if (newBucket(tier, "storage." + name) is not { } bucket)
                continue;
            var claim = new TierClaim(name, bucket, ledger, folder, time, report);
            _tiers.Add(place, new Tier(name, bucket, ledger, claim, Pages, time) { Report = report });
        }
    }

    /// <summary>All blocks are in the data folder.</summary>
    public static TierSet None { get; } = new();

    public IReadOnlyDictionary<BlockPlace, Tier> Tiers => _tiers;

    /// <summary>What the keys of this store begin with.</summary>
    public UInt128 Store => UInt128.Parse(_ledger!.Store, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Reads all that is not in the data folder.</summary>
    public PageReader Pages { get; private init; } = new(null);

    /// <param name="newBucket">By options and the key of the configuration; null where none is given.</param>
    public static TierSet Open(
        StorageOptions options, IStorageFolder folder, Manifest manifest, Func<TierOptions, string, IBucket?> newBucket, TimeProvider time, Action<StorageEvent> report) =>
        new(options, folder, manifest, newBucket, time, report);

    /// <summary>To read what a manifest lists, beside a server or without one: nothing is written, not even to a cache.</summary>
    public static TierSet OpenToRead(StorageOptions options, string folder, Manifest manifest)
    {
        // Blocks are read from front to back, with looks into their indexes and dictionaries.
        var tiers = new TierSet { Pages = new PageReader(null, recentMax: 16) };
        tiers.Add(options, ClaimLedger.OfReader(manifest.Store), folder, (tier, setting) => tier.ToBucket(setting, TimeProvider.System), TimeProvider.System, _ => { });
        return tiers;
    }

    /// <summary>Where blocks of a level belong. Cold ones go where warm ones are unless they have a place of their own.</summary>
    public BlockPlace PlaceOf(StoreLevel level) => level switch
    {
        StoreLevel.Cold when _tiers.ContainsKey(BlockPlace.ColdBucket) => BlockPlace.ColdBucket,
        StoreLevel.Warm or StoreLevel.Cold when _tiers.ContainsKey(BlockPlace.WarmBucket) => BlockPlace.WarmBucket,
        _ => BlockPlace.Folder,
    };

    /// <summary>The level whose bucket this is, as in the setting.</summary>
    public static string NameOf(BlockPlace place) => place == BlockPlace.WarmBucket ? "warm" : "cold";

    /// <summary>A file that reads a block where it is. It asks nobody before it is read.</summary>
    public IReadableFile Open(BlockSummary block)
    {
        if (_tiers.TryGetValue(block.Place, out var tier))
            return tier.Open(tier.KeyOf(block.Object), block.Bytes);
        throw NotConfigured(block.Place);
    }

    /// <summary>Whether a block is in a bucket that has not answered lately: only queries try again at once.</summary>
    public bool IsOut(BlockSummary block) => _tiers.TryGetValue(block.Place, out var tier) && tier.IsOut;

    /// <summary>What of these blocks cannot be read at the moment, and why: one text per tier. And what keeps blocks from moving there.</summary>
    public IReadOnlyList<string> Unreachable(IEnumerable<BlockSummary> blocks)
    {
        var texts = blocks.Where(block => block.Place != BlockPlace.Folder && !_tiers.ContainsKey(block.Place)).GroupBy(block => block.Place)
            .Select(group => $"{group.Count()} blocks with {group.Sum(block => block.SpanCount)} spans are missing from answers: {NotConfigured(group.Key).Message}").ToList();
        foreach (var (place, tier) in _tiers)
        {
            var there = blocks.Where(block => block.Place == place).ToArray();
            if (tier.OutageText is { Length: > 0 } outage)
            {
                texts.Add(there.Length == 0
                    ? outage
                    : $"{outage} Missing from answers: {there.Sum(block => block.SpanCount)} spans in {there.Length} blocks that start from "
                        + $"{there.Min(block => block.StartMin).ToDateTimeOffset():O} to {there.Max(block => block.StartMax).ToDateTimeOffset():O}.");
            }
            else if (tier.ChangeTrouble is { Length: > 0 } trouble)
            {
                texts.Add($"{trouble} What is to move to {tier.Location} stays in the data folder.");
            }
        }

        return texts;
    }

    /// <summary>Ends what is being read: the store closes.</summary>
    public void Cancel()
    {
        foreach (var tier in _tiers.Values)
            tier.Cancel();
    }

    public void Dispose()
    {
        foreach (var tier in _tiers.Values)
            tier.Dispose();
        _cache?.Dispose();
    }

    static BucketException NotConfigured(BlockPlace place)
    {
        var name = NameOf(place);
        return new BucketException(
            $"The bucket of the {name} level", "read", BucketFailure.Refused, "none is configured", $"Give storage.{name} again, as it was when blocks were put there.");
    }
}
