using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Head;

namespace Clew.Storage.Segments;

/// <summary>Group commit: all batches that queued while the disk was busy share one write and one flush, then become visible, then are acknowledged.</summary>
/// <remarks>
/// Callers encode their batch on their own threads; one loop does the rest. The queue is bounded by bytes: what does not fit is refused at once, so that a slow disk
/// shows as a retryable error and never as growing memory. When sealing lags, appends wait a little before they queue: who waits for answers, as all exporters do, slows down.
/// </remarks>
internal sealed class Committer(SegmentLog log, StoreContents contents, StorageOptions options, TimeProvider time)
{
    /// <summary>More than this is not written at once, so that the first in a group does not wait long for the last.</summary>
    const long GroupBytesMax = 16L << 20;

    static readonly TimeSpan RetryWhenBusy = TimeSpan.FromSeconds(1), PaceMax = TimeSpan.FromMilliseconds(40);

    // A null is a tick of the clock.
    readonly Channel<PendingAppend?> _queue = Channel.CreateUnbounded<PendingAppend?>(new UnboundedChannelOptions { SingleReader = true });
    readonly List<PendingAppend> _group = [];
    readonly List<ByteWriter> _records = [];
    Exception? _failure;
    long _inFlightBytes, _refusedCount, _appendedSpanCount;

    /// <summary>The longest payload; never more than readers accept.</summary>
    public int RecordBytesMax { get; init; } = RecordHeader.PayloadBytesMax;

    public long InFlightBytes => Interlocked.Read(ref _inFlightBytes);

    public long RefusedCount => Interlocked.Read(ref _refusedCount);

    public long AppendedSpanCount => Interlocked.Read(ref _appendedSpanCount);

    public async ValueTask<AppendResult> AppendAsync(SpanBatch batch, CancellationToken cancellation)
    {
        Task<AppendResult>? committed = null;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            if (batch.SpanCount == 0)
                return AppendResult.Stored;
            if (FindRefusal() is { } refusal)
                return Refuse(refusal);
            if (Pace() is { Ticks: > 0 } pace)
                await Task.Delay(pace, time, cancellation);
            if (!TryQueue(batch, out committed, out var reason))
                return Refuse(reason);
        }
        finally
        {
            // Once it is queued it is the loop's.
            if (committed is null)
                batch.Release();
        }

        return await committed;
    }

    /// <summary>Lets the loop look at the clock.</summary>
    public void Tick() => _queue.Writer.TryWrite(null);

    /// <summary>Takes no more; what is queued is still committed.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Commits until <see cref="Complete"/>.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                if (options.FlushWaitMillis > 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(options.FlushWaitMillis), time);
                while (TakeGroup())
                    Commit();
                log.CloseIfAged();
            }

            log.Close();
        }
        catch (Exception bug)
        {
            Volatile.Write(ref _failure, bug);
            Complete();
            FailAll(bug);
            throw;
        }
    }

    bool TakeGroup()
    {
        var bytes = 0L;
        while (bytes < GroupBytesMax && _queue.Reader.TryRead(out var pending))
        {
            if (pending is null)
                continue;
            _group.Add(pending);
            _records.Add(pending.Record);
            bytes += pending.Bytes;
        }

        return _group.Count > 0;
    }

    void Commit()
    {
        try
        {
            var written = log.Write(_records, out var segment);
            if (written.Outcome == AppendOutcome.Stored)
            {
                foreach (var pending in _group)
                {
                    Interlocked.Add(ref _appendedSpanCount, pending.Batch.Batch.SpanCount);
                    contents.Publish(segment!, pending.Batch);
                }
            }
            else
            {
                Interlocked.Add(ref _refusedCount, _group.Count);
                foreach (var pending in _group)
                    pending.Batch.Batch.Release();
            }

            foreach (var pending in _group)
            {
                Release(pending);
                pending.Complete(written);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _refusedCount, _group.Count);
            var fate = failure is UncertainWriteException
                ? "The batch could not be made durable, and may or may not be found after a restart."
                : "The batch could not be made durable, and is not stored.";
            foreach (var pending in _group)
            {
                Release(pending);
                pending.Batch.Batch.Release();
                pending.Fail(new IOException($"{fate} {failure.Message}", failure));
            }
        }

        _group.Clear();
        _records.Clear();
    }

    // From nothing at half of the head's bound to the longest at the bound.
    TimeSpan Pace()
    {
        var half = options.HeadBytesMax / 2;
        return contents.HeadBytes - half is > 0 and var excess ? PaceMax * Math.Min(1, (double)excess / half) : TimeSpan.Zero;
    }

    AppendResult? FindRefusal()
    {
        ThrowIfFailed();
        if (log.FindTrouble() is { } full)
            return full;
        if (contents.HeadBytes >= options.HeadBytesMax)
            return Busy($"sealing lags behind: {contents.HeadBytes} bytes of spans are not in a block yet (storage.head_bytes_max is {options.HeadBytesMax})");
        return InFlightBytes >= options.InFlightBytesMax
            ? Busy($"{InFlightBytes} bytes are waiting for the disk (storage.in_flight_bytes_max is {options.InFlightBytesMax})")
            : null;
    }

    static AppendResult Busy(string reason) => new(AppendOutcome.Overloaded, RetryWhenBusy, reason);

    AppendResult Refuse(AppendResult refusal)
    {
        Interlocked.Increment(ref _refusedCount);
        return refusal;
    }

    bool TryQueue(SpanBatch batch, [NotNullWhen(true)] out Task<AppendResult>? committed, out AppendResult refusal)
    {
        (committed, refusal) = (null, default);
        var record = Encode(batch);
        var (bytes, isReserved) = (record.Count, false);
        try
        {
            if (bytes - RecordHeader.Bytes > RecordBytesMax)
                refusal = new AppendResult(AppendOutcome.TooLarge, TimeSpan.Zero, $"the batch takes {bytes} bytes, and a record at most {RecordBytesMax}; send smaller batches");
            else if (!(isReserved = TryReserve(bytes)))
                refusal = Busy($"more than {options.InFlightBytesMax} bytes (storage.in_flight_bytes_max) are waiting for the disk");
            else if (new PendingAppend(record, new HeadBatch(batch)) is var pending && _queue.Writer.TryWrite(pending))
                committed = pending.Result;
            else
                refusal = new AppendResult(AppendOutcome.Closing, RetryWhenBusy, "the store is closing");
        }
        finally
        {
            // Once it is queued it is the loop's.
            if (committed is null)
            {
                Interlocked.Add(ref _inFlightBytes, isReserved ? -bytes : 0);
                record.Dispose();
            }
        }

        if (committed is null)
            ThrowIfFailed();
        return committed is not null;
    }

    static ByteWriter Encode(SpanBatch batch)
    {
        var record = new ByteWriter(Math.Max(4_096, batch.SpanCount * 192));
        try
        {
            SegmentWriter.BeginRecord(record);
            BatchRecord.Encode(batch, record);
            return record;
        }
        catch
        {
            record.Dispose();
            throw;
        }
    }

    // A batch larger than the bound passes when nothing else is under way: refusing it would refuse it for ever.
    bool TryReserve(int bytes)
    {
        var reserved = Interlocked.Add(ref _inFlightBytes, bytes);
        if (reserved <= options.InFlightBytesMax || reserved == bytes)
            return true;
        Interlocked.Add(ref _inFlightBytes, -bytes);
        return false;
    }

    void Release(PendingAppend pending)
    {
        Interlocked.Add(ref _inFlightBytes, -pending.Bytes);
        pending.Record.Dispose();
    }

    void FailAll(Exception bug)
    {
        // Some of them may be visible: their memory is not for others to use.
        foreach (var pending in _group)
            Fail(pending);
        while (_queue.Reader.TryRead(out var pending))
        {
            pending?.Batch.Batch.Release();
            if (pending is not null)
                Fail(pending);
        }

        void Fail(PendingAppend pending)
        {
            Release(pending);
            pending.Fail(bug);
        }
    }

    void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
            throw new IOException($"The store stopped taking spans because of a bug in it: {failure.Message}", failure);
    }
}
