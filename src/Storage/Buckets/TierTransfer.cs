using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Compaction;
using Clew.Storage.Retention;

namespace Clew.Storage.Buckets;

/// <summary>Moves blocks to the bucket of their level, one at a time, and deletes there what the manifest calls garbage.</summary>
/// <remarks>
/// A step is taken on the thread of compaction, which it gives up while a bucket is asked. The order of steps is that of <see cref="Tier"/>. A bucket that fails is left alone
/// for a while; what was to move there stays where it is, and is answered from there.
/// </remarks>
/// <param name="isSettled">Nothing is to be merged first.</param>
/// <param name="transfers">Where buckets are asked.</param>
internal sealed class TierTransfer(
    TierSet tiers, BlockFiles files, ManifestFile manifest, StoreContents contents, MergingBlocks merging, Func<bool> isSettled, TaskScheduler transfers,
    StorageOptions options, TimeProvider time, Action<StorageEvent> report)
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    readonly Dictionary<BlockPlace, Move> _moves = [];
    readonly Dictionary<BlockPlace, long> _failedAt = [];
    readonly HashSet<BlockPlace> _tidied = [];
    readonly List<Block> _unlisted = [.. contents.View.Blocks.Where(block => block.Summary.Place != BlockPlace.Folder)];
    long _movedBlockCount, _movedBytes;

    public long MovedBlockCount => Interlocked.Read(ref _movedBlockCount);

    public long MovedBytes => Interlocked.Read(ref _movedBytes);

    /// <summary>Does one thing for the first tier that has something to do.</summary>
    /// <returns>Whether something was done, and there may be more.</returns>
    /// <exception cref="IOException">A bucket failed, or the local disk. Other tiers had their turn.</exception>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        IOException? failure = null;
        foreach (var (place, tier) in tiers.Tiers)
        {
            if (_failedAt.TryGetValue(place, out var failedAt) && time.GetElapsedTime(failedAt) < RetryInterval)
                continue;
            try
            {
                if (await ListOperationsAsync(place))
                    return true;
                if (!await TryClaimAsync(place, tier, cancellation))
                    continue;
                if (await MoveNextAsync(place, tier, cancellation) || await DeleteGarbageAsync(place, tier, cancellation))
                    return true;
            }
            catch (BucketException failed)
            {
                _failedAt[place] = time.GetTimestamp();
                failure ??= failed;
            }
        }

        return failure is null ? false : throw failure;
    }

    // Opening does not wait for buckets: which services and operations are there is found out afterwards.
    async Task<bool> ListOperationsAsync(BlockPlace place)
    {
        if (_unlisted.Find(block => block.Summary.Place == place) is not { } block)
            return false;
        if (block.TryAcquire())
        {
            try
            {
                contents.Operations.Add(await AskAsync(block.FindOperations) ?? []);
            }
            catch (CorruptFileException)
            {
                // Its index is damaged, which each query finds out, and says, for itself.
            }
            finally
            {
                block.Release();
            }
        }

        _unlisted.Remove(block);
        return true;
    }

    // Where nothing ever was there is nothing to claim before the first block moves.
    async Task<bool> TryClaimAsync(BlockPlace place, Tier tier, CancellationToken cancellation)
    {
        if (!tier.IsClaimDue || (!tier.WasEverClaimed && !_moves.ContainsKey(place) && NextToMove(place) is null))
            return true;
        return await AskAsync(() => tier.TrySettle(Witness(tier, place), cancellation) && Renew(tier, place, cancellation));
    }

    async Task<bool> MoveNextAsync(BlockPlace place, Tier tier, CancellationToken cancellation)
    {
        // The block may have expired meanwhile, or be in the hands of a merge: then its object stays garbage.
        if (_moves.TryGetValue(place, out var move) && !IsStillThere(move))
        {
            _moves.Remove(place);
            move = null;
        }

        if (move is null)
        {
            if (NextToMove(place) is not { } block)
                return false;
            move = new Move(block, new BlockObject(place, block.Summary.Id, Tier.NewTag()));
            manifest.Commit(current => current with { Store = tiers.Store, Garbage = current.Garbage.Add(move.Object) }, () => { });
            // From here on, whatever becomes of the upload, the next start knows what to delete. Not before: a move that could not be noted must not be taken up again.
            _moves[place] = move;
        }

        if (!move.IsUploaded)
        {
            await AskAsync(() => Upload(move, tier, cancellation));
            _moves[place] = move = move with { IsUploaded = true };
        }

        await AskAsync(() => Renew(tier, place, cancellation));
        if (IsStillThere(move))
            Commit(move);
        _moves.Remove(place);
        return true;
    }

    // Oldest first, and only when nothing more is going to be merged with it: a bucket is a place for what has come to rest.
    Block? NextToMove(BlockPlace place)
    {
        if (!isSettled())
            return null;
        var now = UnixNanos.From(time.GetUtcNow());
        // A block that could not be opened is listed all the same, and must not be waited for.
        var open = contents.View.Blocks.ToDictionary(block => block.Summary.Id);
        var due = manifest.Current.Blocks.FirstOrDefault(block =>
            tiers.PlaceOf(block.Level) == place && block.Place != place && BlockAge.IsWindowClosed(block, now, options.Retention) && !merging.Contains(block) && !tiers.IsOut(block)
            && open.ContainsKey(block.Id));
        return open.GetValueOrDefault(due.Id);
    }

    bool Upload(Move move, Tier tier, CancellationToken cancellation)
    {
        // Whoever may not change anything there should find out before everything is sent.
        Renew(tier, move.Object.Place, cancellation);
        using var content = files.OpenToRead(move.Block.Summary);
        tier.Upload(tier.KeyOf(move.Object), content, cancellation);
        return true;
    }

    bool Renew(Tier tier, BlockPlace place, CancellationToken cancellation)
    {
        tier.Renew(Witness(tier, place), cancellation);
        return true;
    }

    // An object that must be there if this is the right bucket.
    string? Witness(Tier tier, BlockPlace place)
    {
        var listed = manifest.Current.Blocks.FirstOrDefault(block => block.Place == place);
        return listed.Place == place ? tier.KeyOf(listed.Object) : null;
    }

    bool IsStillThere(Move move) =>
        manifest.Current.Blocks.Any(block => block.Id == move.Block.Summary.Id) && contents.View.Blocks.Contains(move.Block) && !merging.Contains(move.Block.Summary);

    void Commit(Move move)
    {
        var old = move.Block;
        var current = manifest.Current.Blocks.First(block => block.Id == old.Summary.Id);
        var moved = files.Open(current with { Place = move.Object.Place, Tag = move.Object.Tag });
        try
        {
            manifest.Commit(
                before => before with { Blocks = [.. before.Blocks.Select(block => block.Id == moved.Summary.Id ? block with { Place = moved.Summary.Place, Tag = moved.Summary.Tag } : block)] },
                () => contents.Replace([old], moved));
        }
        catch
        {
            moved.Release();
            throw;
        }

        if (old.Summary.Place == BlockPlace.Folder)
            files.Delete(old.Summary.Id, old);
        Interlocked.Increment(ref _movedBlockCount);
        Interlocked.Add(ref _movedBytes, moved.Summary.Bytes);
        report(new StorageEvent(StorageEventLevel.Information, $"{old.Path}: {moved.Summary.SpanCount} spans in {moved.Summary.Bytes} bytes moved to {moved.Path}."));
    }

    async Task<bool> DeleteGarbageAsync(BlockPlace place, Tier tier, CancellationToken cancellation)
    {
        var isTidy = _tidied.Contains(place);
        var garbage = manifest.Current.Garbage.Where(item => item.Place == place && _moves.GetValueOrDefault(place)?.Object != item && !tier.IsOpen(tier.KeyOf(item))).ToArray();
        if (garbage.Length == 0 && (isTidy || manifest.Current.Store == 0))
            return false;
        // A move that was given up because it could not be committed may be on disk all the same, and then lists what is garbage here.
        manifest.Settle();
        await AskAsync(() => Delete(garbage, isTidy, tier, place, cancellation));
        _tidied.Add(place);
        var gone = garbage.ToHashSet();
        manifest.Commit(current => current with { Garbage = current.Garbage.RemoveAll(gone.Contains) }, () => { });
        return true;
    }

    bool Delete(BlockObject[] garbage, bool isTidy, Tier tier, BlockPlace place, CancellationToken cancellation)
    {
        Renew(tier, place, cancellation);
        if (!isTidy)
            tier.RemoveUnfinished(cancellation);
        foreach (var item in garbage)
            tier.Delete(tier.KeyOf(item), cancellation);
        return true;
    }

    Task<T> AskAsync<T>(Func<T> call) => Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.DenyChildAttach, transfers);

    sealed record Move(Block Block, BlockObject Object)
    {
        public bool IsUploaded { get; init; }
    }
}
