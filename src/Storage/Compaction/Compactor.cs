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
    static readonly TimeSpan RetryMin = TimeSpan.FromMinutes(1), RetryMax = TimeSpan.FromHours(1);

    readonly HashSet<ulong> _damaged = [];
    readonly HashSet<ulong> _apart = [];
    readonly Dictionary<ulong, Postponed> _postponed = [];
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
        // A block that could not even be opened is still listed. Without a file it expires in its time; with one, the next start may read it.
        var damaged = blocks.Where(block => _damaged.Contains(block.Id) || files.IsMissing(block.Id)).Select(block => block.Id).ToHashSet();
        var waiting = blocks.Where(block => !open.Contains(block.Id) || files.Tiers.IsOut(block) || IsPostponed(block.Id)).Select(block => block.Id).ToHashSet();
        return policy.Next(blocks, UnixNanos.From(time.GetUtcNow()), disk.Budget(), damaged, waiting, _apart);
    }

    bool IsPostponed(ulong block) => _postponed.TryGetValue(block, out var postponed) && time.GetElapsedTime(postponed.Since) < postponed.Wait;

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
        var inputs = Open(step.Blocks);
        try
        {
            inputs = inputs[..merger.CountThatFit(inputs)];
            if (inputs.Length == 1 && step.Blocks.Length > 1 && step.Blocks[0].Level == step.To)
            {
                KeepApart(Open(step.Blocks));
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
        var large = blocks.Take(2).MaxBy(BlockMerger.DictionaryBytes)!;
        _apart.Add(large.Summary.Id);
        report(new StorageEvent(
            StorageEventLevel.Information,
            $"{large.Path} is not merged with others: its dictionary of shared texts and resources takes {BlockMerger.DictionaryBytes(large)} bytes of memory, and storage.compaction.memory_bytes_max allows for less."));
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
                _damaged.Add(id);
                damage.Add(text);
                break;
            case UnsupportedFormatException:
                _damaged.Add(id);
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
        var id = block.Summary.Id;
        var isNew = !_postponed.TryGetValue(id, out var before);
        var wait = isNew ? RetryMin : before.Wait * 2;
        _postponed[id] = new Postponed(time.GetTimestamp(), wait < RetryMax ? wait : RetryMax);
        if (isNew)
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
        {
            files.Delete(input.Summary.Id, input);
            _postponed.Remove(input.Summary.Id);
        }

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

    readonly record struct Postponed(long Since, TimeSpan Wait);

    sealed record Merged(ImmutableArray<Block> Inputs, Block? Block, StoreLevel To, LossTally Dropped, TimeSpan Elapsed);
}
