using Clew.Storage.Files;

namespace Clew.Storage.Compaction;

/// <summary>Keeps merging from taking the disk away from those who wait for it: a bound on bytes per second, and no long queue of unwritten ones.</summary>
internal sealed class CompactionPace(CompactionOptions options, TimeProvider time)
{
    /// <summary>While spans arrive, merging gets this share of its rate.</summary>
    const int BusyShare = 4;

    /// <summary>A flush of what a merge wrote would hold up the flush that senders wait for: it never gets larger than this.</summary>
    const long UnflushedBytesMax = 4L << 20;

    static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(10), LongestRest = TimeSpan.FromSeconds(1);

    long _bytes, _workedSince;

    /// <summary>Whether spans are arriving at the moment.</summary>
    public Func<bool> IsIngestBusy { get; init; } = () => false;

    /// <summary>A merge begins.</summary>
    public void Begin() => (_bytes, _workedSince) = (0, time.GetTimestamp());

    /// <summary>Something was done since the last rest.</summary>
    public bool IsRestDue { get; private set; }

    /// <summary>Bytes were read or written.</summary>
    public void Spend(long bytes)
    {
        _bytes += bytes;
        IsRestDue = true;
    }

    /// <summary>Lets others have their turn, for as long as the bytes spent since the last time demand.</summary>
    public async ValueTask RestAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IsRestDue = false;
        var rest = Due();
        if (rest < ShortestRest)
        {
            await Task.Yield();
            return;
        }

        // In pieces, because the rate may have changed meanwhile: the debt is forgotten only when it is paid.
        for (; rest >= ShortestRest; rest = Due())
            await Task.Delay(rest < LongestRest ? rest : LongestRest, time, cancellation);
        (_bytes, _workedSince) = (0, time.GetTimestamp());
    }

    /// <summary>A file that brings what is written to it to the disk little by little.</summary>
    public IStorageFile Flushing(IStorageFile file) => new FlushingFile(file, this);

    TimeSpan Due()
    {
        if (options.BytesPerSecondMax == 0)
            return TimeSpan.Zero;
        var rate = IsIngestBusy() ? Math.Max(1, options.BytesPerSecondMax / BusyShare) : options.BytesPerSecondMax;
        return TimeSpan.FromSeconds(_bytes / (double)rate) - time.GetElapsedTime(_workedSince);
    }

    sealed class FlushingFile(IStorageFile file, CompactionPace pace) : IStorageFile
    {
        long _unflushedBytes;

        public string Path => file.Path;

        public long LengthBytes => file.LengthBytes;

        public int Read(long offset, Span<byte> target) => file.Read(offset, target);

        public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            file.Write(offset, parts);
            var bytes = parts.Sum(part => (long)part.Length);
            pace.Spend(bytes);
            _unflushedBytes += bytes;
            if (_unflushedBytes > UnflushedBytesMax)
                Flush();
        }

        public void Flush()
        {
            file.Flush();
            _unflushedBytes = 0;
        }

        public void Preallocate(long lengthBytes) => file.Preallocate(lengthBytes);

        public void Truncate(long lengthBytes) => file.Truncate(lengthBytes);

        public void Dispose() => file.Dispose();
    }
}
