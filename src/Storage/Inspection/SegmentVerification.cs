using Clew.Storage.Segments;

namespace Clew.Storage.Inspection;

/// <summary>Reads every byte of one segment: header, records, what they hold, the zeros between and behind them.</summary>
/// <param name="isInUse">A server writes to the newest one.</param>
internal sealed class SegmentVerification(SnapshotSegment segment, bool isInUse, VerificationLog log, CancellationToken cancellation)
{
    const string Start = "A start keeps the records that are whole, and the file, as .damaged, once those are in a block. A backup's segment of this name may have the rest.";

    readonly string _path = segment.File.Path;

    public void Run()
    {
        var content = segment.Read();
        if (content.HeaderDamage is { } header && !content.IsUnused)
            log.Add(new FoundDamage(_path, 0, SegmentHeader.Bytes, header.Message, "no span; the time when it was begun", "Nothing needs to be done: its records are read all the same."));
        foreach (var bad in content.Scan.Damage)
            log.Add(new FoundDamage(_path, bad.Offset, bad.Bytes, $"expected {bad.Expected}, found something else", LossAt(content, bad), Start));
        if (content.Scan is { Records.Count: 0, Damage.Count: 0 } && !IsJustBegun(content))
            log.Add(new FoundDamage(_path, 0, content.Bytes.Length, "expected the records of a segment, found none", "all of its spans", Start));
        foreach (var record in content.Scan.Records)
        {
            cancellation.ThrowIfCancellationRequested();
            CheckRecord(content, record);
        }

        CheckEnd(content);
        log.Advance(segment.File.LengthBytes);
    }

    // As a start decides: a crash came before the first record was durable, or before the header was.
    bool IsJustBegun(SegmentContent content) => segment.IsNewest && (content.HeaderDamage is null || content.IsUnused);

    void CheckRecord(SegmentContent content, SegmentScan.FoundRecord record)
    {
        var payloadBytes = record.Payload.Length;
        try
        {
            log.AddGood(BatchRecord.Decode(record.Payload, _path, record.Offset).SpanCount);
        }
        catch (CorruptFileException corrupt)
        {
            log.Add(new FoundDamage(_path, record.Offset, payloadBytes, corrupt.Message, $"the spans of this record of {payloadBytes} bytes", Start));
        }

        var padding = content.Bytes.Slice((int)record.Offset + payloadBytes, RecordHeader.Padded(payloadBytes) - payloadBytes);
        if (padding.Span.ContainsAnyExcept((byte)0))
            log.Add(new FoundDamage(_path, record.Offset + payloadBytes, padding.Length, "expected zeros behind a record, found something else", "no span", "Nothing needs to be done."));
    }

    // Times and traces of what is lost are like those around it: batches are in the order of arrival.
    string LossAt(SegmentContent content, SegmentScan.BadRange bad)
    {
        var before = content.Scan.Records.LastOrDefault(record => record.Offset < bad.Offset);
        var after = content.Scan.Records.FirstOrDefault(record => record.Offset > bad.Offset);
        string[] around = [.. new[] { before, after }.Where(record => !record.Payload.IsEmpty).Select(StartsOf).OfType<string>()];
        return "the spans of one record or more, of unknown traces" + (around.Length == 0 ? "" : $"; those beside it start {string.Join(" and ", around)}");
    }

    string? StartsOf(SegmentScan.FoundRecord record)
    {
        try
        {
            var starts = BatchRecord.Decode(record.Payload, _path, record.Offset).Spans.Starts.Values.ToArray();
            return starts.Length == 0 ? null : $"from {starts.Min().ToDateTimeOffset():O} to {starts.Max().ToDateTimeOffset():O}";
        }
        catch (CorruptFileException)
        {
            return null;
        }
    }

    void CheckEnd(SegmentContent content)
    {
        var scan = content.Scan;
        var behind = (int)Math.Min(scan.End, content.Bytes.Length);
        if (scan.CutBytes == 0)
            return;
        if (scan.HasEndMark)
            log.Add(new FoundDamage(_path, behind, scan.CutBytes, "expected nothing behind the end mark, found something", "no span", "Nothing needs to be done."));
        else if (!isInUse)
            log.Note($"{_path}: {scan.CutBytes} bytes at {behind} are a write that was cut short and never acknowledged; the next start removes them.");
    }
}
