using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Head;

namespace Clew.Storage.Reading;

/// <summary>Looks traces up by their ids, together: those of one search mostly lie side by side, and each row group is read once for all of them.</summary>
/// <remarks>First blocks and batches of the head are added; then any number of threads read what was found. A part that cannot be read is reported and left out; a trace
/// that is not read to its end, because the meter is spent or there is no room for it, is left out whole. Use once.</remarks>
internal sealed class TraceLookUp
{
    readonly IReadOnlyList<TraceId> _ids;
    readonly ReadMeter _meter;
    readonly DamageLog _damage;
    readonly Dictionary<TraceId, TraceCollector> _traces = [];
    readonly TraceCollector[] _distinct;
    readonly TraceScan _scan;
    readonly List<Place> _places = [];
    readonly long _otherBytes;
    int _next = -1;

    // Of blocks that were not looked into nobody knows whose spans they have.
    bool _hasUnknown;

    public TraceLookUp(IReadOnlyList<TraceId> ids, ReadMeter meter, DamageLog damage)
    {
        (_ids, _meter, _damage, _otherBytes) = (ids, meter, damage, meter.Room.Bytes);
        foreach (var id in ids)
            _traces.TryAdd(id, new TraceCollector(id));
        _distinct = [.. _traces.Values];
        _scan = new TraceScan([.. _distinct.Select(trace => trace.Id)]);
    }

    /// <summary>Adds what a batch of the head has.</summary>
    public void Add(SpanBatch head)
    {
        var found = 0;
        _scan.Find(head.Spans.TraceIds.Values, (trace, row) =>
        {
            found++;
            _distinct[trace].Add(head, row);
        });
        _meter.CountBlock(isPruned: found == 0);
        if (found > 0)
            _meter.CountRows(head.SpanCount, found);
    }

    /// <summary>Copies what was found in the head, so that the head is needed no more.</summary>
    public void LeaveHead() => Array.ForEach(_distinct, trace => trace.LeaveHead());

    /// <summary>Finds the row groups of a block that have to be read.</summary>
    /// <param name="order">The block's place among all.</param>
    public void Add(Block block, int order)
    {
        if (_meter.IsSpent)
            _hasUnknown = true;
        else
            _damage.TryRead(block.Summary, () => AddGroups(block, order));
    }

    void AddGroups(Block block, int order)
    {
        var tracesOf = new SortedDictionary<int, List<TraceCollector>>();
        foreach (var trace in _distinct)
        {
            foreach (var group in block.FindGroups(trace.Id))
            {
                if (!tracesOf.TryGetValue(group.Number, out var traces))
                    tracesOf.Add(group.Number, traces = []);
                traces.Add(trace);
            }
        }

        _meter.CountBlock(isPruned: tracesOf.Count == 0);
        if (tracesOf.Count > 0)
            _meter.CountPrunedGroups(block.Index.Groups.Length - tracesOf.Count);
        foreach (var (number, traces) in tracesOf)
            _places.Add(new Place(order, block, block.Index.Groups[number], traces));
    }

    /// <summary>Reads up to <paramref name="groupCountMax"/> of the row groups that were found and that no thread has read yet.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool Read(int groupCountMax, CancellationToken cancellation)
    {
        Block? block = null;
        RowGroupReader? reader = null;
        try
        {
            for (var count = 0; count < groupCountMax; count++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_meter.IsSpent)
                    return false;
                var at = Interlocked.Increment(ref _next);
                if (at >= _places.Count)
                    return false;
                var place = _places[at];
                if (place.Block != block)
                {
                    reader?.Dispose();
                    reader = null;
                    block = place.Block;
                    _damage.TryRead(block.Summary, () => reader = place.Block.NewReader());
                }

                if (reader is not null)
                    Read(place, reader);
                place.IsDone = true;
            }

            return true;
        }
        finally
        {
            reader?.Dispose();
        }
    }

    /// <summary>Everything that was found is read: what is added from now on is next.</summary>
    public void Continue() => _next = _places.Count - 1;

    /// <summary>The traces, in the order of the ids; null where nothing is stored, or not all is read, or there is no room.</summary>
    public SpanBatch?[] ToTraces()
    {
        var unread = _hasUnknown ? [.. _distinct] : _places.Where(place => !place.IsDone).SelectMany(place => place.Traces).ToHashSet();
        // In the order of blocks, whichever was read first.
        foreach (var place in _places.OrderBy(place => place.Order))
        {
            for (var at = 0; at < place.Traces.Count; at++)
            {
                if (place.Found[at] is { } spans)
                    place.Traces[at].Add(spans);
            }
        }

        var traces = _distinct.ToDictionary(trace => trace.Id, trace => unread.Contains(trace) ? Drop(trace) : Finish(trace));
        if (_distinct.Count(trace => trace.IsLeft) is var leftCount and > 0 && _distinct.Length > 1)
            _meter.CountLeftTraces(leftCount);
        return [.. _ids.Select(id => traces[id])];
    }

    SpanBatch? Finish(TraceCollector trace)
    {
        if (trace.IsLeft)
            return Drop(trace);
        if (trace.IsInOneBatch)
            return trace.ToTrace();
        // While it is put together, what was read is there twice.
        var bytes = trace.StoredBytes;
        if (!Keeps(trace, bytes))
            return Drop(trace);
        var whole = trace.ToTrace()!;
        _meter.Room.Give(bytes);
        Drop(trace);
        return Keeps(trace, BatchMemory.Of(whole)) ? whole : null;
    }

    SpanBatch? Drop(TraceCollector trace)
    {
        _meter.Room.Give(trace.StoredBytes);
        return null;
    }

    // The trace is left where there is no room; without others that could make some, nothing helps.
    bool Keeps(TraceCollector trace, long bytes)
    {
        var limit = _meter.Room.TryTake(bytes);
        if (limit == ReadLimit.None)
            return true;
        trace.IsLeft = true;
        if (_distinct.Length == 1)
            _meter.LeaveOut(limit, _otherBytes);
        return false;
    }

    void Read(Place place, RowGroupReader reader)
    {
        if (place.Traces.TrueForAll(trace => trace.IsLeft))
            return;
        var before = reader.BytesRead;
        if (_damage.TryRead(place.Group, () => reader.Open(place.Group, whole: true)))
            Decode(place, reader);
        _meter.CountBytes(reader.BytesRead - before);
        _meter.CountGroup(place.Group.Rows, place.Found.Sum(spans => spans?.SpanCount ?? 0));
    }

    void Decode(Place place, RowGroupReader reader)
    {
        var decoder = new RowGroupDecoder(reader);
        for (var at = 0; at < place.Traces.Count; at++)
        {
            var trace = place.Traces[at];
            if (trace.IsLeft)
                continue;
            // What is damaged may belong to another trace of the row group.
            var target = new BatchTarget(reader.Tables.Dictionary, new SpanBatch());
            if (_damage.TryRead(place.Group, () => decoder.AppendTrace(trace.Id, target)) && target.Batch.SpanCount > 0 && Keeps(trace, BatchMemory.Of(target.Batch)))
                place.Found[at] = target.Batch;
        }
    }

    /// <summary>A row group with spans of some of the traces, found when they have been read.</summary>
    sealed record Place(int Order, Block Block, RowGroupInfo Group, List<TraceCollector> Traces)
    {
        public SpanBatch?[] Found { get; } = new SpanBatch[Traces.Count];

        public bool IsDone { get; set; }
    }
}
