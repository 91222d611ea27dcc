using Clew.Storage.Columns;

namespace Clew.Storage.Segments;

/// <summary>Finds the records of a segment, whatever became of it.</summary>
/// <remarks>
/// Three things can be found between records. Zeros up to the end are preallocated space. Something else that lies above everything known to be durable is a write
/// that a crash cut short: it was never acknowledged and is cut off, with all that follows. Anything bad below is damage: what lies there was acknowledged.
/// </remarks>
internal sealed class SegmentScan
{
    readonly ReadOnlyMemory<byte> _content;
    readonly ulong _segment;
    readonly List<FoundRecord> _records = [];
    readonly List<BadRange> _bad = [];
    long _markEnd;

    SegmentScan(ReadOnlyMemory<byte> content, ulong segment)
    {
        _content = content;
        _segment = segment;
    }

    /// <summary>The records to be replayed, in order.</summary>
    public IReadOnlyList<FoundRecord> Records => _records;

    /// <summary>Damaged parts, in order.</summary>
    public IReadOnlyList<BadRange> Damage => _bad;

    /// <summary>Where the segment ends: what is behind it was never acknowledged.</summary>
    public long End { get; private set; } = SegmentHeader.Bytes;

    /// <summary>Up to here the records themselves say that the file was flushed.</summary>
    public long Durable { get; private set; } = SegmentHeader.Bytes;

    /// <summary>The segment was closed: its last record is the end mark.</summary>
    public bool HasEndMark => _markEnd == End;

    /// <summary>Bytes of an unfinished write behind <see cref="End"/>, preallocated zeros aside.</summary>
    public long CutBytes { get; private set; }

    public static SegmentScan Of(ReadOnlyMemory<byte> content, ulong segment)
    {
        var scan = new SegmentScan(content, segment);
        scan.Run();
        return scan;
    }

    void Run()
    {
        var bytes = _content.Span;
        long at = SegmentHeader.Bytes;
        while (at < bytes.Length)
        {
            if (!TryHeader(at, out var header))
            {
                var next = FindHeader(at + 8);
                _bad.Add(new BadRange(at, next - at, "the header of a record"));
                at = next;
                continue;
            }

            Durable = Math.Max(Durable, header.FlushedBytes);
            var payload = _content.Slice((int)at + RecordHeader.Bytes, header.PayloadBytes);
            if (Crc.Of(payload.Span) != header.PayloadCrc)
                _bad.Add(new BadRange(at, header.RecordBytes, "the checksum of a record"));
            else if (header.PayloadBytes > 0)
                _records.Add(new FoundRecord(at + RecordHeader.Bytes, payload));
            at = Math.Min(at + header.RecordBytes, bytes.Length);
            End = at;
            if (header.PayloadBytes == 0)
                _markEnd = at;
        }

        Cut();
    }

    // The first bad place above everything durable is where the last write was cut short.
    void Cut()
    {
        var torn = _bad.FindIndex(range => range.Offset >= Durable);
        if (torn < 0)
            return;
        var content = _content.Span;
        End = _bad[torn].Offset;
        CutBytes = content[(int)End..].LastIndexOfAnyExcept((byte)0) + 1;
        _bad.RemoveRange(torn, _bad.Count - torn);
        _records.RemoveAll(record => record.Offset > End);
    }

    bool TryHeader(long at, out RecordHeader header) =>
        RecordHeader.TryRead(_content.Span[(int)at..], _segment, at, out header) && at + RecordHeader.Bytes + header.PayloadBytes <= _content.Length;

    long FindHeader(long from)
    {
        var bytes = _content.Span;
        for (var at = from; at + RecordHeader.Bytes <= bytes.Length; at += 8)
        {
            var zeros = bytes[(int)at..].IndexOfAnyExcept((byte)0);
            if (zeros < 0)
                break;
            // The first eight bytes of a header are never all zero.
            at += zeros & ~7;
            if (TryHeader(at, out _))
                return at;
        }

        return bytes.Length;
    }

    /// <param name="Offset">Of the payload, in the file.</param>
    internal readonly record struct FoundRecord(long Offset, ReadOnlyMemory<byte> Payload);

    internal readonly record struct BadRange(long Offset, long Bytes, string Expected);
}
