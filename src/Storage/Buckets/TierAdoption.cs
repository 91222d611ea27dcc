using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>Adds the blocks in a store's buckets to a manifest that was made again from the blocks of the folder.</summary>
/// <remarks>
/// A block that another one, wherever it is, says to replace is garbage. So is a second copy of a block: one that was moving when the manifest was lost is in both places, and whole in
/// both. Blocks that had expired and were not deleted yet come back, and expire again. One whose footer is damaged is listed like any other: every query that may miss its spans says so.
/// </remarks>
internal sealed class TierAdoption(IStorageFolder folder, TierSet tiers, DamageLog damage, UnixNanos now, CancellationToken cancellation)
{
    readonly List<(BlockSummary Summary, BlockOrigin Origin)> _found = [];
    readonly Dictionary<BlockObject, CorruptFileException> _damaged = [];

    /// <summary>The manifest with the blocks of all buckets. It is the caller's to save.</summary>
    /// <exception cref="StoreFolderException">A bucket that has blocks of this store cannot be listed.</exception>
    public Manifest Run(Manifest local)
    {
        foreach (var (place, tier) in tiers.Tiers.Where(entry => entry.Value.WasEverClaimed))
            FindIn(place, tier);
        if (_found.Count == 0)
            return local;
        // Those of the folder come first and damaged ones last, so of two copies of a block the bucket's is garbage, and of two in buckets the one that cannot be read.
        var there = _found.OrderBy(block => _damaged.ContainsKey(block.Summary.Object));
        var all = local.Blocks.Select(summary => (Summary: summary, Origin: OriginOf(summary))).Concat(there).ToArray();
        var replaced = all.SelectMany(block => block.Origin.Replaces).ToHashSet();
        var live = all.Where(block => !replaced.Contains(block.Summary.Id)).DistinctBy(block => block.Summary.Id).OrderBy(block => block.Origin.FirstSegment).ToImmutableArray();
        var kept = live.Select(block => block.Summary.Object).ToHashSet();
        foreach (var (summary, _) in live)
        {
            if (_damaged.TryGetValue(summary.Object, out var corrupt))
                damage.AddBlock(corrupt, summary);
        }

        return local with
        {
            Generation = local.Generation + 1,
            FirstLiveSegment = Math.Max(local.FirstLiveSegment, _found.Max(block => block.Origin.LastSegment) + 1),
            NextBlock = Math.Max(local.NextBlock, _found.Max(block => block.Summary.Id) + 1),
            Blocks = [.. live.Select(block => block.Summary)],
            Store = tiers.Store,
            Garbage = [.. _found.Select(block => block.Summary.Object).Where(item => !kept.Contains(item))],
        };
    }

    void FindIn(BlockPlace place, Tier tier)
    {
        try
        {
            foreach (var item in tier.List(cancellation))
            {
                if (tier.TryParseKey(item.Key, out var id, out var tag))
                    FindOne(tier, item, new BlockObject(place, id, tag));
            }
        }
        catch (BucketException failure)
        {
            throw new StoreFolderException(
                folder.Path, $"its manifest is lost, and what it has in {tier.Location} cannot be listed: {failure.Message} Start again when it can; or without storage.{tier.Name}, and without those spans.",
                failure);
        }
    }

    void FindOne(Tier tier, BucketObject item, BlockObject named)
    {
        try
        {
            using var file = new BlockFile(tier.Open(item.Key, item.LengthBytes));
            var index = file.ReadIndex();
            _found.Add((BlockSummary.Of(named.Block, item.LengthBytes, index) with { Place = named.Place, Tag = named.Tag }, index.Origin));
        }
        catch (CorruptFileException corrupt)
        {
            _damaged.Add(named, corrupt);
            _found.Add((BlockSummary.Unknown(named, item.LengthBytes, now), BlockOrigin.Unknown));
        }
    }

    BlockOrigin OriginOf(BlockSummary local) => ManifestRebuild.ReadFooter(folder, FileNames.Block(local.Id), local.Id).Origin;
}
