using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;
using Clew.Storage.Buckets;
using Clew.Storage.Segments;

namespace Clew.Storage.Inspection;

/// <summary>Reads the spans of a snapshot that are asked for, in batches of a bounded size, in no particular order.</summary>
/// <remarks>A part that is damaged, or in a bucket that does not answer, is named in <see cref="Missing"/> and left out. Use once.</remarks>
public sealed class SpanExport
{
    const int SpanCountMax = 2_048;
    const int TextBytesMax = 4 << 20;

    readonly StoreSnapshot _snapshot;
    readonly SpanSelection _selection;
    readonly DamageLog _damage = new(_ => { });
    readonly UnreachableBlocks _unreachable = new();
    readonly BlockCache _cache = new(bytesMax: 64L << 20);
    readonly long _totalBytes;
    HashSet<TraceId>? _traces;
    long _doneBytes;
    SpanCopier _copier = new(new SpanBatch());

    /// <param name="selection">What each span has to meet by itself.</param>
    public SpanExport(StoreSnapshot snapshot, SpanSelection selection)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(selection);
        _snapshot = snapshot;
        _selection = selection;
        _totalBytes = snapshot.Blocks.Sum(block => block.File.LengthBytes) + snapshot.Segments.Sum(segment => segment.File.LengthBytes);
    }

    /// <summary>Only spans of these traces; empty for all.</summary>
    public IReadOnlyCollection<TraceId> Traces { get; init; } = [];

    /// <summary>
    /// All spans of every trace with a span that is asked for, not that span alone. The store is read twice, and the ids of these traces take about 40 bytes each in memory.
    /// </summary>
    public bool HasWholeTraces { get; init; }

    /// <summary>What could not be read, in words.</summary>
    public IReadOnlyList<string> Missing => [.. _damage.Places, .. _unreachable.Texts];

    /// <summary>The batches; each is the caller's.</summary>
    public IEnumerable<SpanBatch> Read(IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        _traces = Traces.Count > 0 ? [.. Traces] : null;
        var passes = HasWholeTraces ? 2 : 1;
        if (HasWholeTraces)
            _traces = FindTraces(Report, cancellation);
        foreach (var (batch, row) in Matches(HasWholeTraces ? SpanSelection.All : _selection, Report, cancellation))
        {
            _copier.Copy(batch, row);
            if (_copier.Target.SpanCount >= SpanCountMax || _copier.Target.Strings.Bytes.Length >= TextBytesMax)
                yield return TakeBatch();
        }

        if (_copier.Target.SpanCount > 0)
            yield return TakeBatch();

        void Report(long bytes) => progress?.Report(new WorkProgress(_doneBytes += bytes, _totalBytes * passes));
    }

    SpanBatch TakeBatch()
    {
        var full = _copier.Target;
        _copier = new SpanCopier(new SpanBatch());
        return full;
    }

    HashSet<TraceId> FindTraces(Action<long> report, CancellationToken cancellation)
    {
        var found = new HashSet<TraceId>();
        foreach (var (batch, row) in Matches(_selection, report, cancellation))
            found.Add(batch.Spans.TraceIds[row]);
        return found;
    }

    IEnumerable<(SpanBatch Batch, int Row)> Matches(SpanSelection selection, Action<long> report, CancellationToken cancellation)
    {
        foreach (var batch in Batches(selection, report))
        {
            cancellation.ThrowIfCancellationRequested();
            var matcher = new SpanMatcher(selection, batch);
            for (var row = 0; matcher.CanMatch && row < batch.SpanCount; row++)
            {
                if (_traces?.Contains(batch.Spans.TraceIds[row]) != false && matcher.Matches(row))
                    yield return (batch, row);
            }

            _copier.ForgetSources();
        }
    }

    IEnumerable<SpanBatch> Batches(SpanSelection selection, Action<long> report)
    {
        foreach (var block in _snapshot.Blocks)
        {
            foreach (var batch in BatchesOf(block, selection, report))
                yield return batch;
        }

        foreach (var segment in _snapshot.Segments)
        {
            foreach (var batch in BatchesOf(segment))
                yield return batch;
            report(segment.File.LengthBytes);
        }
    }

    IEnumerable<SpanBatch> BatchesOf(SnapshotBlock found, SpanSelection selection, Action<long> report)
    {
        var (leftBytes, leftSpans) = (found.File.LengthBytes, found.Summary.SpanCount);
        // Not to be released: the file is the snapshot's.
        if (TryRead(found, () => new Block(found.Summary, found.Read(), _cache, _damage)) is { } block
            && TryRead(found, () => GroupsOf(block, selection).ToArray()) is { } groups
            && TryRead(found, block.NewReader) is { } reader)
        {
            using (reader)
            {
                foreach (var group in groups)
                {
                    if (!TryReadGroup(found, reader, group, leftSpans, out var batch))
                        break;
                    if (batch is not null)
                        yield return batch;
                    report(group.Bytes);
                    leftBytes -= group.Bytes;
                    leftSpans -= group.Rows;
                }
            }
        }

        report(leftBytes);
    }

    IEnumerable<RowGroupInfo> GroupsOf(Block block, SpanSelection selection)
    {
        var bounds = GroupBounds.Of(block, selection);
        // Few traces are looked up; many are met on the way.
        var groups = Traces.Count is > 0 and <= 1_000
            ? Traces.SelectMany(block.FindGroups).DistinctBy(group => group.Number).OrderBy(group => group.Number)
            : (IEnumerable<RowGroupInfo>)block.Index.Groups;
        foreach (var group in groups)
        {
            if (bounds.Has(group.Number))
                yield return group;
        }
    }

    IEnumerable<SpanBatch> BatchesOf(SnapshotSegment segment)
    {
        var content = segment.Read();
        foreach (var bad in content.Scan.Damage)
            _damage.Add($"{segment.File.Path} is damaged at byte {bad.Offset}: expected {bad.Expected}.");
        foreach (var record in content.Scan.Records)
        {
            if (TryDecode(segment, record) is { } batch)
                yield return batch;
        }
    }

    SpanBatch? TryDecode(SnapshotSegment segment, SegmentScan.FoundRecord record)
    {
        try
        {
            return BatchRecord.Decode(record.Payload, segment.File.Path, record.Offset);
        }
        catch (CorruptFileException corrupt)
        {
            _damage.Add(corrupt.Message);
            return null;
        }
    }

    T? TryRead<T>(SnapshotBlock block, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (CorruptFileException corrupt)
        {
            _damage.AddBlock(corrupt, block.Summary);
            return null;
        }
        catch (BucketException failure)
        {
            _unreachable.Add(block.Summary, block.Summary.SpanCount, failure);
            return null;
        }
    }

    /// <param name="batch">Null when the row group is damaged.</param>
    /// <returns>False when there is no use in asking for the rest of the block.</returns>
    bool TryReadGroup(SnapshotBlock block, RowGroupReader reader, RowGroupInfo group, long leftSpans, out SpanBatch? batch)
    {
        batch = null;
        try
        {
            batch = reader.ReadWhole(group);
            return true;
        }
        catch (CorruptFileException corrupt)
        {
            _damage.AddRowGroup(corrupt, group);
            return true;
        }
        catch (BucketException failure)
        {
            _unreachable.Add(block.Summary, leftSpans, failure);
            return false;
        }
    }
}
