namespace Clew.Storage.Buckets;

/// <summary>Reads objects of buckets by pages: from the cache, else from the bucket. Those who miss the same page at once share one request.</summary>
/// <param name="cache">Null reads everything from the bucket.</param>
/// <param name="recentMax">So many of the last runs of pages are kept where the cache takes none; of 4 MiB at most.</param>
internal sealed class PageReader(PageCache? cache, int recentMax = 4)
{
    const int PageBytes = PageCache.PageBytes;

    readonly Lock _lock = new();
    readonly Queue<PageRun> _recent = new();
    readonly Dictionary<(ulong Object, long Page), Lazy<PageRun>> _fetching = [];
    long _fetchCount, _fetchedBytes;

    /// <summary>Requests sent to buckets for pages.</summary>
    public long FetchCount => Interlocked.Read(ref _fetchCount);

    public long FetchedBytes => Interlocked.Read(ref _fetchedBytes);

    public long CachedBytes => cache?.Bytes ?? 0;

    /// <summary>Reads some of a range: what is in one page that is there, or in one run of pages that are not.</summary>
    /// <param name="target">Lies within the file.</param>
    /// <param name="runPages">Pages to ask for in one request, if more than <paramref name="target"/> touches.</param>
    /// <returns>Bytes read; 0 when the object ends before its file is said to.</returns>
    public int Read(BucketFile file, long offset, Span<byte> target, int runPages)
    {
        var page = offset / PageBytes;
        if (cache is not null && cache.TryRead(file.Id, page, (int)(offset % PageBytes), target, out var count))
            return count;
        var last = Math.Max((offset + target.Length - 1) / PageBytes, Math.Min(page + runPages, file.PageCount) - 1);
        return (FindRecent(file.Id, offset) ?? Join(file, page, last)).CopyTo(offset, target);
    }

    /// <summary>Drops what is kept of an object.</summary>
    public void Forget(ulong id)
    {
        cache?.Forget(id);
        lock (_lock)
            _recent.Clear();
    }

    PageRun Join(BucketFile file, long first, long last)
    {
        Lazy<PageRun>? run;
        lock (_lock)
        {
            if (!_fetching.TryGetValue((file.Id, first), out run))
            {
                // The run ends where another begins, or the cache knows how to go on.
                var end = first + 1;
                while (end <= last && end - first < BucketFile.RunPagesMax && !_fetching.ContainsKey((file.Id, end)) && cache?.Contains(file.Id, end) != true)
                    end++;
                // Whoever asks it first for its value fetches; the others wait, and share its result or its failure.
                run = new Lazy<PageRun>(() => Fetch(file, first, end));
                for (var page = first; page < end; page++)
                    _fetching.Add((file.Id, page), run);
            }
        }

        return run.Value;
    }

    PageRun Fetch(BucketFile file, long first, long end)
    {
        try
        {
            var start = first * PageBytes;
            var bytes = GC.AllocateUninitializedArray<byte>((int)(Math.Min(end * PageBytes, file.LengthBytes) - start));
            var count = file.Fetch(start, bytes);
            Interlocked.Increment(ref _fetchCount);
            Interlocked.Add(ref _fetchedBytes, count);
            var run = new PageRun(file.Id, start, bytes.AsMemory(0, count));
            // An object that ends too early may be whole later, or another time: nothing of it is kept.
            if (count == bytes.Length && !TryCache(run))
                Remember(run);
            return run;
        }
        finally
        {
            lock (_lock)
            {
                for (var page = first; page < end; page++)
                    _fetching.Remove((file.Id, page));
            }
        }
    }

    bool TryCache(PageRun run)
    {
        var isCached = cache is not null;
        for (var at = 0; isCached && at < run.Bytes.Length; at += PageBytes)
            isCached = cache!.TryAdd(run.Object, (run.Start + at) / PageBytes, run.Bytes.Slice(at, Math.Min(PageBytes, run.Bytes.Length - at)));
        return isCached;
    }

    // Where the disk takes no more pages, the last runs stand in for it: else each column of a row group would be a request.
    void Remember(PageRun run)
    {
        lock (_lock)
        {
            if (_recent.Count >= recentMax)
                _recent.Dequeue();
            _recent.Enqueue(run);
        }
    }

    PageRun? FindRecent(ulong id, long offset)
    {
        lock (_lock)
            return _recent.Count == 0 ? null : _recent.LastOrDefault(run => run.Object == id && offset >= run.Start && offset - run.Start < run.Bytes.Length);
    }

    sealed record PageRun(ulong Object, long Start, ReadOnlyMemory<byte> Bytes)
    {
        public int CopyTo(long offset, Span<byte> target)
        {
            var from = (int)Math.Min(offset - Start, Bytes.Length);
            var count = Math.Min(Bytes.Length - from, target.Length);
            Bytes.Span.Slice(from, count).CopyTo(target);
            return count;
        }
    }
}
