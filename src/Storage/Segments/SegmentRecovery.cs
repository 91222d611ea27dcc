using Clew.Model;
using Clew.Storage.Files;
using Clew.Storage.Head;

namespace Clew.Storage.Segments;

/// <summary>Brings the segments of a folder back into the head when a store opens.</summary>
internal sealed class SegmentRecovery(IStorageFolder folder, DamageLog damage, Action<StorageEvent> report)
{
    /// <summary>Replays one segment: cuts a torn tail, reports damage before it, and makes durable what it found.</summary>
    /// <param name="isNewest">Only the newest segment may be without header and records: a crash came while it was created.</param>
    /// <returns>Null when there is nothing in it to keep; the file is then deleted, or set aside.</returns>
    public HeadSegment? Recover(ulong id, bool isNewest, CancellationToken cancellation)
    {
        var name = FileNames.Segment(id);
        using var file = folder.Open(name);
        var content = ReadAll(file);
        var hasHeader = TryReadHeader(content, id, file.Path, out var created);
        var scan = SegmentScan.Of(content, id);
        var batches = Decode(scan, file.Path, cancellation);
        ReportDamage(scan, file.Path, content.Length);
        if (!Array.Exists(batches, batch => batch is { Batch.SpanCount: > 0 }))
        {
            Remove(name, file.Path, isUnused: isNewest && scan is { Records.Count: 0, Damage.Count: 0 } && (hasHeader || !HasRecordBytes(content)));
            return null;
        }

        MakeDurable(file, id, scan, content);
        var segment = new HeadSegment(id, created) { IsClosed = true, IsDamaged = !hasHeader || scan.Damage.Count > 0 || batches.Contains(null), FileBytes = file.LengthBytes };
        foreach (var batch in batches)
        {
            if (batch is not null)
                segment.Add(batch);
        }

        return segment;
    }

    /// <summary>Removes a segment that is sealed, and that its sealer could not remove any more; one with damage in it is set aside, as the sealer would have done.</summary>
    public void Retire(ulong id, CancellationToken cancellation)
    {
        var name = FileNames.Segment(id);
        if (IsDamaged(id, cancellation))
            folder.Rename(name, name + FileNames.Damaged);
        else
            folder.Delete(name);
    }

    bool IsDamaged(ulong id, CancellationToken cancellation)
    {
        using var file = folder.Open(FileNames.Segment(id));
        var content = ReadAll(file);
        var hasHeader = TryReadHeader(content, id, file.Path, out _);
        var scan = SegmentScan.Of(content, id);
        var batches = Decode(scan, file.Path, cancellation);
        foreach (var bad in scan.Damage)
            damage.Add(Describe(bad, file.Path, content.Length));
        return !hasHeader || scan.Damage.Count > 0 || batches.Contains(null);
    }

    static ReadOnlyMemory<byte> ReadAll(IStorageFile file)
    {
        var content = GC.AllocateUninitializedArray<byte>(checked((int)file.LengthBytes));
        return content.AsMemory(0, file.Read(0, content));
    }

    // The records can be found without the header, so its loss costs nothing but the time of creation. A file that never got one is a creation cut short.
    bool TryReadHeader(ReadOnlyMemory<byte> content, ulong id, string path, out UnixNanos created)
    {
        created = UnixNanos.MinValue;
        try
        {
            created = SegmentHeader.Read(content.Span, id, path).Created;
            return true;
        }
        catch (CorruptFileException corrupt)
        {
            if (HasRecordBytes(content))
                damage.Add(corrupt.Message + " Its records are read all the same.");
            return false;
        }
    }

    static bool HasRecordBytes(ReadOnlyMemory<byte> content) =>
        content.Length > SegmentHeader.Bytes && content.Span[SegmentHeader.Bytes..].ContainsAnyExcept((byte)0);

    // Nothing in it can be read. Only a segment that was never written to may be so, and only the newest can be one.
    void Remove(string name, string path, bool isUnused)
    {
        if (isUnused)
        {
            folder.Delete(name);
            return;
        }

        damage.Add($"{path} is damaged at byte 0: expected the records of a segment, found none. Whatever was in it is lost; the file is kept as {FileNames.Damaged}.");
        folder.Rename(name, name + FileNames.Damaged);
    }

    // Decoding is most of the time that opening takes, so all cores do it; the order of the records stays.
    HeadBatch?[] Decode(SegmentScan scan, string path, CancellationToken cancellation)
    {
        var batches = new HeadBatch?[scan.Records.Count];
        Parallel.For(0, batches.Length, new ParallelOptions { CancellationToken = cancellation }, at =>
        {
            var record = scan.Records[at];
            try
            {
                batches[at] = new HeadBatch(BatchRecord.Decode(record.Payload, path, record.Offset));
            }
            catch (CorruptFileException corrupt)
            {
                damage.Add($"{corrupt.Message} The batch of {record.Payload.Length} bytes in this record is lost.");
            }
        });
        return batches;
    }

    void ReportDamage(SegmentScan scan, string path, int contentBytes)
    {
        foreach (var bad in scan.Damage)
            damage.Add(Describe(bad, path, contentBytes));
        if (scan.CutBytes > 0)
        {
            report(new StorageEvent(
                StorageEventLevel.Information,
                $"{path}: {scan.CutBytes} bytes at {scan.End} are a write that was cut short and never acknowledged; removed."));
        }
    }

    static string Describe(SegmentScan.BadRange bad, string path, int contentBytes) =>
        $"{path} is damaged at byte {bad.Offset}: expected {bad.Expected}. {bad.Bytes} of {contentBytes} bytes are lost; the file is kept as {FileNames.Damaged}.";

    // What we are about to show must not vanish after it was seen. It may be in the system's memory only; and if a flush failed before, the system believes that it
    // has written what it lost, so that flushing again would do nothing: it is written again first. So it is with a cut that was lost: what was behind it must not come back.
    // From then on damage to it can no longer be mistaken for a write cut short, which the end mark says.
    void MakeDurable(IStorageFile file, ulong id, SegmentScan scan, ReadOnlyMemory<byte> content)
    {
        file.Truncate(scan.End);
        if (scan.End > scan.Durable)
            file.Write(scan.Durable, [content[(int)scan.Durable..(int)scan.End]]);
        file.Flush();
        if (scan.HasEndMark)
            return;
        try
        {
            file.Write(scan.End, [RecordHeader.EndMark(id, scan.End)]);
            file.Flush();
        }
        catch (DiskFullException full)
        {
            // Nothing that was acknowledged depends on the mark, and a full disk must not keep a store from opening.
            report(new StorageEvent(StorageEventLevel.Warning, $"{file.Path} could not be marked as complete; the next start tries again. {full.Message}"));
        }
    }
}
