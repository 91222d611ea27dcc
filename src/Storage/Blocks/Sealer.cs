using System.Collections.Immutable;
using System.Threading.Channels;
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
    IStorageFolder folder, ManifestFile manifest, StoreContents contents, BlockCache cache, DamageLog damage, StorageOptions options, TimeProvider time,
    Action<StorageEvent> report)
    : IDisposable
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    readonly CancellationTokenSource _closing = new();
    Prepared? _prepared;
    string _lastFailure = "", _trouble = "";
    long _failedAt, _sealedBytes;

    /// <summary>Called when a block is listed.</summary>
    public Action? Sealed { get; init; }

    /// <summary>Bytes of the blocks made.</summary>
    public long SealedBytes => Interlocked.Read(ref _sealedBytes);

    /// <summary>Closed segments are to be sealed even when they are small, because space on the disk is short.</summary>
    public Func<bool> IsSpaceShort { get; init; } = () => false;

    /// <summary>The bug that keeps segments from being sealed, so that appends will be refused before long; empty when there is none.</summary>
    public string TroubleText => Volatile.Read(ref _trouble);

    /// <summary>Lets the loop look for work.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Ends the loop; a block that is being written is given up.</summary>
    public void Complete()
    {
        _closing.Cancel();
        _wake.Writer.TryComplete();
    }

    public async Task RunAsync()
    {
        while (await _wake.Reader.WaitToReadAsync())
        {
            _wake.Reader.TryRead(out _);
            while (!_closing.IsCancellationRequested && TrySealNext())
                await Task.Yield();
        }

        _prepared?.Block.Release();
    }

    public void Dispose() => _closing.Dispose();

    /// <returns>Whether something was sealed, and there may be more.</returns>
    bool TrySealNext()
    {
        if (_lastFailure.Length > 0 && time.GetElapsedTime(_failedAt) < RetryInterval)
            return false;
        try
        {
            if (_prepared is null && ChooseSegments() is { IsEmpty: false } segments)
                _prepared = Prepare(segments);
            if (_prepared is null)
                return false;
            Commit(_prepared);
            _prepared = null;
            _lastFailure = "";
            Volatile.Write(ref _trouble, "");
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Postpone(failure, $"{folder.Path}: segments could not be sealed, and stay as they are until they can. {failure.Message}");
            return false;
        }
        catch (Exception bug)
        {
            // Whatever it is, the spans are durable and stay visible; it is tried again, and until then the head fills up to its bound.
            var trouble = $"{folder.Path}: segments cannot be sealed because of a bug in the store ({bug.GetType().Name}): {bug.Message}";
            Volatile.Write(ref _trouble, trouble);
            Postpone(bug, trouble);
            return false;
        }
    }

    void Postpone(Exception failure, string text)
    {
        _failedAt = time.GetTimestamp();
        if (failure.Message != _lastFailure)
            report(new StorageEvent(StorageEventLevel.Error, text));
        _lastFailure = failure.Message;
    }

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

    Prepared Prepare(ImmutableArray<HeadSegment> segments)
    {
        var began = time.GetTimestamp();
        var id = manifest.TakeBlockId();
        string name = FileNames.Block(id), temporary = name + FileNames.Temporary;
        // They are closed: nothing in them arrived later than now.
        var origin = new BlockOrigin(segments[0].Id, segments[^1].Id, segments[0].Created, UnixNanos.From(time.GetUtcNow()), StoreLevel.Live, []);
        var index = WriteBlock(temporary, segments, origin);
        folder.Rename(temporary, name);
        folder.Flush();
        var file = new BlockFile(folder.Open(name));
        var summary = BlockSummary.Of(id, file.LengthBytes, index);
        return new Prepared(segments, new Block(summary, file, cache, damage), time.GetElapsedTime(began));
    }

    BlockIndex WriteBlock(string name, ImmutableArray<HeadSegment> segments, BlockOrigin origin)
    {
        var merged = BatchMerger.Merge([.. segments.SelectMany(segment => segment.Batches.ToArray()).Select(batch => batch.Batch)]);
        try
        {
            using var file = folder.Create(name);
            return BlockWriter.Write(file, merged, origin, options.RowGroupRows, options.Codec, _closing.Token);
        }
        catch (Exception failure)
        {
            DeleteLater(name, failure);
            throw;
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
        Sealed?.Invoke();
        report(new StorageEvent(
            StorageEventLevel.Information,
            $"{prepared.Block.Path}: {summary.SpanCount} spans sealed into {summary.Bytes} bytes in {prepared.Elapsed.TotalMilliseconds:F0} ms."));
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

    void DeleteLater(string temporary, Exception cause)
    {
        try
        {
            folder.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            report(new StorageEvent(StorageEventLevel.Warning, $"{temporary} is left over after \"{cause.Message}\"; the next start removes it. {failure.Message}"));
        }
    }

    sealed record Prepared(ImmutableArray<HeadSegment> Segments, Block Block, TimeSpan Elapsed);
}
