using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Buckets;
using Clew.Storage.Retention;

namespace Clew.Storage.Compaction;

/// <summary>Merges blocks and moves them from level to level: one step at a time, as <see cref="CompactionPolicy"/> has it.</summary>
/// <remarks>
/// The order of steps is that of sealing: the merged block is complete and durable under its name; then the manifest lists it and no longer those it was merged from; then
/// queries see it in their place; then they are deleted. A block is merged again only when those it replaces are durably gone, so that a manifest made again from the blocks
/// of the folder has to look one step back only.
/// </remarks>
internal sealed class Compactor(
    BlockFiles files, ManifestFile manifest, StoreContents contents, DamageLog damage, CompactionPolicy policy, BlockMerger merger, DiskUse disk, MergingBlocks merging,
    TimeProvider time, Action<StorageEvent> report)
{
    readonly LeftOutBlocks _leftOut = new(time);
    Merged? _merged;
    long _mergeCount, _mergedSpanCount, _mergedBytes;

    public long MergeCount => Interlocked.Read(ref _mergeCount);

    /// <summary>Spans that merging wrote.</summary>
    public long MergedSpanCount => Interlocked.Read(ref _mergedSpanCount);

    /// <summary>Bytes that merging wrote.</summary>
    public long MergedBytes => Interlocked.Read(ref _mergedBytes);

    /// <summary>There was nothing to do when it last looked.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Does what is due first.</summary>
    /// <returns>Whether something was done, and there may be more.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        try
        {
            var isDone = await DoNextAsync(cancellation);
            IsSettled = !isDone;
            return isDone;
        }
        finally
        {
            if (_merged is null)
                merging.End();
        }
    }

    /// <summary>Lets go of a block that was never listed. The loop has ended.</summary>
    public void Abandon() => _merged?.Block?.Release();

    async Task<bool> DoNextAsync(CancellationToken cancellation)
    {
        var isClean = files.TryDeleteLeftOver();
        if (_merged is null)
        {
            switch (NextStep())
            {
                case CompactionStep.Promote promote:
                    Promote(promote);
                    return true;
                case CompactionStep.Merge merge when isClean:
                    _merged = await TryMergeAsync(merge, cancellation);
                    break;
                default:
                    return false;
            }
        }

        if (_merged is { } merged)
            Commit(merged);
        _merged = null;
        return true;
    }

    CompactionStep? NextStep()
    {
        var blocks = manifest.Current.Blocks;
        var open = contents.View.Blocks.Select(block => block.Summary.Id).ToHashSet();
        _leftOut.Prune(blocks);
        var leftOut = new Dictionary<ulong, LeftOut>();
        foreach (var block in blocks)
        {
            if (WhyLeftOut(block, open.Contains(block.Id)) is { } why)
                leftOut.Add(block.Id, why);
        }

        return policy.Next(blocks, UnixNanos.From(time.GetUtcNow()), disk.Budget(), leftOut);
    }

    LeftOut? WhyLeftOut(BlockSummary block, bool isOpen)
    {
        // A block that could not even be opened is still listed. Without a file it expires in its time; with one, the next start may read it.
        if (files.IsMissing(block.Id) || _leftOut.Find(block.Id) == LeftOut.Damaged)
            return LeftOut.Damaged;
        return !isOpen || files.Tiers.IsOut(block) ? LeftOut.Waiting : _leftOut.Find(block.Id);
    }

    void Promote(CompactionStep.Promote step) => manifest.Commit(
        current => current with
        {
            Blocks = [.. current.Blocks.Select(block => step.Blocks.Any(promoted => promoted.Id == block.Id) ? block with { Level = step.To } : block)],
        },
        () => { });

    async Task<Merged?> TryMergeAsync(CompactionStep.Merge step, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        merging.Begin(step.Blocks);
        var chosen = Open(step.Blocks);
        try
        {
            var inputs = chosen[..merger.CountThatFit(chosen)];
            if (inputs.Length == 1 && chosen.Length > 1 && step.Blocks[0].Level == step.To)
            {
                KeepApart(chosen);
                return null;
            }

            step = step with { Blocks = [.. step.Blocks.Where(block => inputs.Any(input => input.Summary.Id == block.Id))] };
            var origin = OriginOf(step, inputs);
            var dropped = LossTally.None;
            var block = await files.CreateAsync(manifest.TakeBlockId(), async file =>
            {
                var result = await merger.MergeAsync(file, inputs, origin, cancellation);
                dropped = result.Dropped;
                return result.Index;
            });
            return new Merged(inputs, block, step.To, dropped, time.GetElapsedTime(began));
        }
        catch (UnreadableBlockException unreadable)
        {
            LeaveAlone(unreadable);
            return null;
        }
    }

    // Of the first two, which do not fit together, the larger one.
    void KeepApart(ImmutableArray<Block> blocks)
    {
        var (large, bytes) = blocks.Take(2).Select(block => (block, BlockMerger.DictionaryBytes(block))).MaxBy(sized => sized.Item2);
        _leftOut.AddApart(large.Summary.Id);
        report(new StorageEvent(
            StorageEventLevel.Information,
            $"{large.Path} is not merged with others: its dictionary of shared texts and resources takes {bytes} bytes of memory, and storage.compaction.memory_bytes_max allows for less."));
    }

    BlockOrigin OriginOf(CompactionStep.Merge step, ImmutableArray<Block> inputs)
    {
        // What is replaced and still in a bucket that does not answer must not come back either, when the manifest is made again from the blocks.
        var current = manifest.Current;
        var listed = current.Blocks.Select(block => block.Id).ToHashSet();
        var lingering = current.Garbage.Select(item => item.Block).Where(id => !listed.Contains(id));
        var origins = inputs.Select(input =>
        {
            try
            {
                return input.Index.Origin;
            }
            catch (IOException failure)
            {
                throw new UnreadableBlockException(input, failure);
            }
        }).ToArray();
        return new BlockOrigin(
            origins.Min(origin => origin.FirstSegment), origins.Max(origin => origin.LastSegment),
            new UnixNanos(step.Blocks.Min(block => block.ArrivedMin.Value)), new UnixNanos(step.Blocks.Max(block => block.ArrivedMax.Value)),
            step.To, [.. step.Blocks.Select(block => block.Id).Concat(lingering).Distinct()]);
    }

    void LeaveAlone(UnreadableBlockException unreadable)
    {
        var id = unreadable.Block.Summary.Id;
        var text = $"{unreadable.Message} The block is left as it is, and not merged with others.";
        switch (unreadable.Cause)
        {
            case CorruptFileException or BucketException { Failure: BucketFailure.Missing }:
                _leftOut.AddDamaged(id);
                damage.Add(text);
                break;
            case UnsupportedFormatException:
                _leftOut.AddDamaged(id);
                report(new StorageEvent(StorageEventLevel.Warning, text));
                break;
            case BucketException:
                // The tier knows that it is out, and for how long.
                break;
            default:
                Postpone(unreadable.Block, unreadable.Message);
                break;
        }
    }

    // A disk that cannot read now, or a process that has too many files open, may be better in a while: that is no word about the block.
    void Postpone(Block block, string reason)
    {
        if (_leftOut.AddWaiting(block.Summary.Id))
            report(new StorageEvent(StorageEventLevel.Warning, $"{block.Path} cannot be read at the moment, and is not merged with others until it can: that is tried again from time to time. {reason}"));
    }

    void Commit(Merged merged)
    {
        var ids = merged.Inputs.Select(input => input.Summary.Id).ToHashSet();
        manifest.Commit(
            current =>
            {
                var place = current.Blocks.IndexOf(current.Blocks.First(block => ids.Contains(block.Id)));
                var rest = current.Blocks.RemoveAll(block => ids.Contains(block.Id));
                return current with
                {
                    Blocks = merged.Block is { } block ? rest.Insert(Math.Min(place, rest.Length), block.Summary) : rest,
                    Losses = merged.Dropped.Dropped.Aggregate(current.Losses, (losses, drop) => losses.WithDropped(drop.Reason, drop.TraceCount, drop.SpanCount)),
                };
            },
            () => contents.Replace(merged.Inputs, merged.Block));
        foreach (var input in merged.Inputs)
            files.Delete(input.Summary.Id, input);
        Count(merged);
    }

    void Count(Merged merged)
    {
        var summary = merged.Block?.Summary;
        Interlocked.Increment(ref _mergeCount);
        Interlocked.Add(ref _mergedSpanCount, summary?.SpanCount ?? 0);
        Interlocked.Add(ref _mergedBytes, summary?.Bytes ?? 0);
        report(new StorageEvent(
            StorageEventLevel.Information,
            $"{merged.Block?.Path ?? files.Path}: {merged.Inputs.Length} blocks of {merged.Inputs.Sum(input => input.Summary.Bytes)} bytes merged into {summary?.Bytes ?? 0} bytes "
            + $"({merged.To.ToString().ToLowerInvariant()}, {summary?.SpanCount ?? 0} spans) in {merged.Elapsed.TotalMilliseconds:F0} ms."));
    }

    ImmutableArray<Block> Open(ImmutableArray<BlockSummary> blocks)
    {
        var ids = blocks.Select(block => block.Id).ToHashSet();
        return [.. contents.View.Blocks.Where(block => ids.Contains(block.Summary.Id))];
    }

    sealed record Merged(ImmutableArray<Block> Inputs, Block? Block, StoreLevel To, LossTally Dropped, TimeSpan Elapsed);
}
