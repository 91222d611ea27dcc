using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;
using Clew.Storage.Head;

namespace Clew.Storage.Segments;

/// <summary>The write-ahead log: one segment that is written to, until it is full, old, or failed. Only the committer's loop uses it, but for <see cref="FindTrouble"/>.</summary>
internal sealed class SegmentLog(IStorageFolder folder, StoreContents contents, StorageOptions options, TimeProvider time, Action<StorageEvent> report)
{
    static readonly TimeSpan RetryWhenFull = TimeSpan.FromSeconds(10), ProbeInterval = TimeSpan.FromSeconds(1);

    readonly long _stepBytes = Math.Clamp(options.SegmentBytesMax / 8, Math.Min(options.SegmentBytesMax, 64L << 10), 8L << 20);
    SegmentWriter? _writer;
    HeadSegment? _segment;
    Trouble? _trouble;
    long _flushCount, _flushTicks, _appendedBytes;

    /// <summary>The number of the next segment.</summary>
    public ulong NextId { get; set; } = 1;

    /// <summary>Called when a segment will take no more, and may be sealed.</summary>
    public Action? Closed { get; set; }

    public long FlushCount => Interlocked.Read(ref _flushCount);

    public double FlushSeconds => time.GetElapsedTime(0, Interlocked.Read(ref _flushTicks)).TotalSeconds;

    public long AppendedBytes => Interlocked.Read(ref _appendedBytes);

    /// <summary>Why appends are refused at the moment; empty when they are not.</summary>
    public string TroubleText => Volatile.Read(ref _trouble)?.Reason ?? "";

    /// <summary>The refusal that is due while the disk is full; now and then there is none although it is, so that someone finds out when it no longer is.</summary>
    public AppendResult? FindTrouble() =>
        Volatile.Read(ref _trouble) is { } trouble && time.GetElapsedTime(trouble.Since) < ProbeInterval ? Full(trouble.Reason) : null;

    /// <summary>Writes and flushes records.</summary>
    /// <param name="segment">Where they are when the outcome is <see cref="AppendOutcome.Stored"/>.</param>
    /// <returns>Stored, or full.</returns>
    /// <exception cref="UncertainWriteException">The disk failed, and whether it kept the records is unknown.</exception>
    /// <exception cref="IOException">The disk failed. The records are not stored, and the segment is closed.</exception>
    public AppendResult Write(IReadOnlyList<ByteWriter> records, out HeadSegment? segment)
    {
        try
        {
            var bytes = records.Sum(record => (long)record.Count + 8);
            segment = PrepareSegment(bytes);
            WriteAndFlush(records);
            segment.FileBytes = _writer!.LengthBytes;
            Interlocked.Add(ref _appendedBytes, bytes);
            if (Interlocked.Exchange(ref _trouble, null) is not null)
                report(new StorageEvent(StorageEventLevel.Information, "There is space again: spans are taken."));
            return AppendResult.Stored;
        }
        catch (DiskFullException full)
        {
            segment = null;
            return Full(Begin(full.Message).Reason);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            report(new StorageEvent(StorageEventLevel.Error, $"{folder.Path}: a write failed; its spans are refused. {failure.Message}"));
            throw;
        }
    }

    /// <summary>Closes the segment when its age demands it.</summary>
    public void CloseIfAged()
    {
        if (_segment is { SpanCount: > 0 } segment && segment.Created.NanosUntil(Now) >= (ulong)options.SegmentAgeMax.TotalNanoseconds)
            Close();
    }

    /// <summary>Closes the segment; the next write begins another.</summary>
    public void Close()
    {
        if (_writer is not { } writer)
            return;
        try
        {
            writer.Finish();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nothing that was acknowledged depends on the end mark.
            report(new StorageEvent(StorageEventLevel.Warning, $"{writer.Path} could not be finished: {failure.Message}"));
        }

        Abandon();
    }

    UnixNanos Now => UnixNanos.From(time.GetUtcNow());

    HeadSegment PrepareSegment(long bytes)
    {
        if (_writer is not null && _segment!.SpanCount > 0 && IsFull(bytes))
            Close();
        if (_writer is null || _writer.LengthBytes + bytes > _writer.PreallocatedBytes)
            KeepSpaceFree(bytes);
        if (_writer is null)
        {
            _writer = SegmentWriter.Create(folder, NextId, Now, _stepBytes);
            NextId++;
            _segment = new HeadSegment(_writer.Id, _writer.Created);
            contents.Open(_segment);
        }

        return _segment!;
    }

    bool IsFull(long bytes) => _writer!.LengthBytes + bytes > options.SegmentBytesMax || _segment!.MemoryBytes >= options.SegmentMemoryMax;

    // A block needs space before its segments give theirs back, so appends stop while there still is some.
    void KeepSpaceFree(long bytes)
    {
        var free = folder.FreeBytes;
        if (free >= options.FreeBytesMin + Math.Max(bytes, _stepBytes))
            return;
        if (_segment is { SpanCount: > 0 })
            Close();
        throw new DiskFullException(folder.Path + $" ({free} bytes are free, and storage.free_bytes_min keeps {options.FreeBytesMin} for sealing)");
    }

    void WriteAndFlush(IReadOnlyList<ByteWriter> records)
    {
        var isDurable = false;
        try
        {
            _writer!.Append(records);
            var began = time.GetTimestamp();
            _writer.Flush();
            isDurable = true;
            Interlocked.Add(ref _flushTicks, time.GetTimestamp() - began);
            Interlocked.Increment(ref _flushCount);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            TakeBack(failure);
            throw;
        }
        finally
        {
            // After a failed flush the system may have dropped what it could not write and forgotten about it: no later flush proves anything.
            if (!isDurable)
                Abandon();
        }
    }

    // The sender is told that its spans are not stored, and may send them again: they must not turn up a second time after a restart.
    void TakeBack(Exception failure)
    {
        try
        {
            _writer!.TakeBack();
        }
        catch (Exception second) when (second is IOException or UnauthorizedAccessException)
        {
            throw new UncertainWriteException(_writer!.Path, failure, second);
        }
    }

    void Abandon()
    {
        _writer?.Dispose();
        if (_segment is { } segment)
        {
            contents.Close(segment);
            if (segment.SpanCount == 0)
                DeleteUnused(segment);
        }

        _writer = null;
        _segment = null;
        Closed?.Invoke();
    }

    // It holds nothing that was acknowledged. Its number is used again, so that a gap in the numbers always means a loss.
    void DeleteUnused(HeadSegment segment)
    {
        try
        {
            NextId = segment.Id;
            folder.Delete(FileNames.Segment(segment.Id));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            report(new StorageEvent(StorageEventLevel.Warning, $"{FileNames.Segment(segment.Id)} could not be deleted: {failure.Message}"));
        }
    }

    Trouble Begin(string reason)
    {
        var trouble = new Trouble(reason, time.GetTimestamp());
        if (Interlocked.Exchange(ref _trouble, trouble) is null)
            report(new StorageEvent(StorageEventLevel.Warning, $"{reason} Spans are refused until there is space; queries go on."));
        return trouble;
    }

    static AppendResult Full(string reason) => new(AppendOutcome.Full, RetryWhenFull, reason);

    sealed record Trouble(string Reason, long Since);
}
