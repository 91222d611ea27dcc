using Clew.Storage.Blocks;
using Clew.Storage.Buckets;
using Clew.Storage.Columns;
using Clew.Storage.Segments;

namespace Clew.Storage.Inspection;

/// <summary>A store in numbers: what is in each file, and what each column takes.</summary>
/// <param name="Columns">The largest first; together as many bytes as the blocks.</param>
/// <param name="Unreadable">What could not be counted because it is damaged, in words.</param>
/// <param name="Unreachable">What could not be counted because a bucket did not answer, or not with the object, in words.</param>
public sealed record StoreFigures(
    IReadOnlyList<BlockFigures> Blocks, IReadOnlyList<SegmentFigures> Segments, IReadOnlyList<ColumnFigures> Columns, IReadOnlyList<string> Unreadable, IReadOnlyList<string> Unreachable)
{
    public long BlockSpanCount => Blocks.Sum(block => block.SpanCount);

    public long BlockBytes => Blocks.Sum(block => block.Bytes);

    public long SegmentSpanCount => Segments.Sum(segment => segment.SpanCount);

    public long SegmentBytes => Segments.Sum(segment => segment.Bytes);

    public long SpanCount => BlockSpanCount + SegmentSpanCount;

    /// <summary>Of blocks; 0 when there is no span in any.</summary>
    public double BytesPerSpan => BlockSpanCount == 0 ? 0 : (double)BlockBytes / BlockSpanCount;

    /// <summary>Counts, without reading more than the directories of blocks, and segments whole.</summary>
    public static StoreFigures Of(StoreSnapshot snapshot, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new Count(snapshot, progress, cancellation).Run();
    }

    sealed class Count(StoreSnapshot snapshot, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        readonly Dictionary<string, (long Stored, long Raw)> _columns = new(StringComparer.Ordinal);
        readonly List<string> _unreadable = [];
        readonly UnreachableBlocks _unreachable = new();
        readonly long _totalBytes = snapshot.Blocks.Sum(block => block.File.LengthBytes) + snapshot.Segments.Sum(segment => segment.File.LengthBytes);
        long _doneBytes;

        public StoreFigures Run()
        {
            _unreadable.AddRange(snapshot.Missing.Select(name => $"{name} is missing."));
            _unreadable.AddRange(snapshot.Unreadable.Append(snapshot.ManifestDamage).OfType<CorruptFileException>().Select(damage => damage.Message));
            var blocks = snapshot.Blocks.Select(CountBlock).OfType<BlockFigures>().ToArray();
            var segments = snapshot.Segments.Select(CountSegment).ToArray();
            var columns = _columns.Select(column => new ColumnFigures(column.Key, column.Value.Stored, column.Value.Raw)).OrderByDescending(column => column.StoredBytes);
            return new StoreFigures(blocks, segments, [.. columns], _unreadable, _unreachable.Texts);
        }

        BlockFigures? CountBlock(SnapshotBlock block)
        {
            cancellation.ThrowIfCancellationRequested();
            var figures = TryCountBlock(block);
            Advance(block.File.LengthBytes);
            return figures;
        }

        BlockFigures? TryCountBlock(SnapshotBlock block)
        {
            try
            {
                var file = block.Read();
                var index = file.ReadIndex();
                CountColumns(PiecesOf(file, index));
                return new BlockFigures(
                    FileNames.Block(block.Summary.Id), file.LengthBytes, index.SpanCount, index.Groups.Length, index.StartMin, index.StartMax, index.Origin.ArrivedMin, index.Origin.ArrivedMax, block.Summary.Level);
            }
            catch (CorruptFileException corrupt)
            {
                _unreadable.Add(corrupt.Message);
            }
            catch (BucketException failure)
            {
                _unreachable.Add(block.Summary, block.Summary.SpanCount, failure);
            }

            return null;
        }

        // All of a block's or none, so that columns and blocks have as many bytes.
        List<BlockPiece> PiecesOf(BlockFile file, BlockIndex index)
        {
            var map = new BlockMap(file, index);
            var pieces = new List<BlockPiece>();
            foreach (var piece in Enumerable.Range(0, index.Groups.Length).SelectMany(map.PiecesOf).Concat(map.Others()))
            {
                cancellation.ThrowIfCancellationRequested();
                pieces.Add(piece);
            }

            return pieces;
        }

        void CountColumns(List<BlockPiece> pieces)
        {
            foreach (var piece in pieces)
            {
                var (stored, raw) = _columns.GetValueOrDefault(piece.Name);
                _columns[piece.Name] = (stored + piece.Bytes, raw + piece.RawBytes);
            }
        }

        SegmentFigures CountSegment(SnapshotSegment segment)
        {
            cancellation.ThrowIfCancellationRequested();
            var content = segment.Read();
            var spans = 0L;
            foreach (var record in content.Scan.Records)
            {
                try
                {
                    spans += BatchRecord.Decode(record.Payload, segment.File.Path, record.Offset).SpanCount;
                }
                catch (CorruptFileException corrupt)
                {
                    _unreadable.Add(corrupt.Message);
                }
            }

            _unreadable.AddRange(content.Scan.Damage.Select(bad => $"{segment.File.Path} is damaged at byte {bad.Offset}: expected {bad.Expected}."));
            Advance(segment.File.LengthBytes);
            return new SegmentFigures(FileNames.Segment(segment.Id), content.Scan.End, spans, content.Scan.Records.Count);
        }

        void Advance(long bytes) => progress?.Report(new WorkProgress(_doneBytes += bytes, _totalBytes));
    }
}
