using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Files;
using Clew.Storage.Head;

namespace Clew.Storage.Blocks;

/// <summary>Turns closed segments into blocks, in the background, oldest first.</summary>
/// <remarks>
/// <para>The order of steps is what makes a crash harmless: the block is written under a temporary name, flushed, renamed, the folder flushed; then the manifest that lists
/// it, and no longer its segments, replaces the old one; then queries see the block in the segments' place; then the segments are deleted. Up to the manifest a crash leaves
/// a stray block, which the next start deletes; after it, stray segments, likewise.</para>
/// <para>A failure leaves everything as it is, to be tried again; once a manifest may have been written, the same block is offered again rather than another one.</para>
/// </remarks>
internal sealed class Sealer(
    IStorageFolder folder, BlockFiles files, ManifestFile manifest, StoreContents contents, StorageOptions options, TimeProvider time, Action<StorageEvent> report)
{
    Prepared? _prepared;
    long _sealedBytes;

    /// <summary>Closed segments are to be sealed even when they are small, because space on the disk is short.</summary>
    public Func<bool> IsSpaceShort { get; init; } = () => false;

    /// <summary>Called when a block is listed.</summary>
    public Action? Sealed { get; init; }

    /// <summary>Bytes of the blocks made.</summary>
    public long SealedBytes => Interlocked.Read(ref _sealedBytes);

    /// <summary>Seals the oldest closed segments that are due.</summary>
    /// <returns>Whether something was sealed, and there may be more.</returns>
    public async Task<bool> SealNextAsync(CancellationToken cancellation)
    {
        if (_prepared is null && ChooseSegments() is { IsEmpty: false } segments)
            _prepared = await PrepareAsync(segments, cancellation);
        if (_prepared is null)
            return false;
        Commit(_prepared);
        _prepared = null;
        return true;
    }

    /// <summary>Lets go of a block that was never listed. The loop has ended.</summary>
    public void Abandon() => _prepared?.Block.Release();

    // The oldest closed segments, as many as make one block; small ones wait for company unless their time has come.
    ImmutableArray<HeadSegment> ChooseSegments()
    {
        var chosen = ImmutableArray.CreateBuilder<HeadSegment>();
        long bytes = 0, memoryBytes = 0;
        var isDue = IsSpaceShort() || contents.HeadBytes >= options.HeadBytesMax / 2;
        foreach (var segment in contents.View.Segments)
        {
            var isTooMuch = bytes + segment.FileBytes > options.SegmentBytesMax * 3 / 2 || memoryBytes + segment.MemoryBytes > options.SegmentMemoryMax * 3 / 2;
            if (!segment.IsClosed || (chosen.Count > 0 && isTooMuch))
                break;
            chosen.Add(segment);
            bytes += segment.FileBytes;
            memoryBytes += segment.MemoryBytes;
            isDue |= segment.IsDamaged || segment.Created.NanosUntil(UnixNanos.From(time.GetUtcNow())) >= (ulong)options.SegmentAgeMax.TotalNanoseconds;
        }

        return isDue || bytes >= options.SegmentBytesMax / 2 || memoryBytes >= options.SegmentMemoryMax / 2 ? chosen.ToImmutable() : [];
    }

    async Task<Prepared> PrepareAsync(ImmutableArray<HeadSegment> segments, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        // They are closed: nothing in them arrived later than now. What earlier blocks say does not count: after one that a wrong clock dated 2099 no later one would ever expire.
        var origin = new BlockOrigin(segments[0].Id, segments[^1].Id, segments[0].Created, UnixNanos.From(time.GetUtcNow()), StoreLevel.Live, []);
        var merged = BatchMerger.Merge([.. segments.SelectMany(segment => segment.Batches.ToArray()).Select(batch => batch.Batch)]);
        try
        {
            var block = await files.CreateAsync(
                manifest.TakeBlockId(),
                file => Task.FromResult<BlockIndex?>(BlockWriter.Write(file, merged, origin, options.RowGroupRows, options.Codec, cancellation)));
            return new Prepared(segments, block!, time.GetElapsedTime(began));
        }
        finally
        {
            merged.Release();
        }
    }

    void Commit(Prepared prepared)
    {
        var summary = prepared.Block.Summary;
        manifest.Commit(
            current => current with { FirstLiveSegment = prepared.Segments[^1].Id + 1, Blocks = current.Blocks.Add(summary) },
            () => contents.Seal(prepared.Segments, prepared.Block));
        Interlocked.Add(ref _sealedBytes, summary.Bytes);
        foreach (var segment in prepared.Segments)
            Retire(segment);
        report(new StorageEvent(
            StorageEventLevel.Information,
            $"{prepared.Block.Path}: {summary.SpanCount} spans sealed into {summary.Bytes} bytes in {prepared.Elapsed.TotalMilliseconds:F0} ms."));
        Sealed?.Invoke();
    }

    void Retire(HeadSegment segment)
    {
        var name = FileNames.Segment(segment.Id);
        try
        {
            if (segment.IsDamaged)
                folder.Rename(name, name + FileNames.Damaged);
            else
                folder.Delete(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            report(new StorageEvent(StorageEventLevel.Warning, $"{name} is sealed and could not be removed; the next start will. {failure.Message}"));
        }
    }

    sealed record Prepared(ImmutableArray<HeadSegment> Segments, Block Block, TimeSpan Elapsed);
}
