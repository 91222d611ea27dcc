using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Segments;

/// <summary>Appends records to one segment. One thread uses it.</summary>
/// <remarks>
/// <code>
/// | header 40 bytes | record | record | … | end mark | zeros, preallocated |
/// record: | header 16 bytes | payload | zeros to a multiple of 8 |
/// </code>
/// Records never span segments. Space is preallocated a step at a time, so that a flush rarely has to write the file's length, and an idle store stays small. After any
/// failure the segment is not written to again: what a failed write or flush left behind is unknown, lies above everything that was acknowledged, and is cut off.
/// </remarks>
internal sealed class SegmentWriter : IDisposable
{
    readonly IStorageFile _file;
    readonly long _stepBytes;
    readonly List<ReadOnlyMemory<byte>> _parts = [];

    SegmentWriter(IStorageFile file, ulong id, UnixNanos created, long stepBytes)
    {
        _file = file;
        _stepBytes = stepBytes;
        Id = id;
        Created = created;
    }

    public ulong Id { get; }

    public UnixNanos Created { get; }

    public string Path => _file.Path;

    /// <summary>Where the next record goes.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>How much of the file is durable.</summary>
    public long FlushedBytes { get; private set; }

    /// <summary>Up to here space is reserved.</summary>
    public long PreallocatedBytes { get; private set; }

    /// <summary>Creates a segment, durably: its name and its header outlive a crash from here on.</summary>
    public static SegmentWriter Create(IStorageFolder folder, ulong id, UnixNanos created, long stepBytes)
    {
        var name = FileNames.Segment(id);
        var file = folder.Create(name);
        try
        {
            var writer = new SegmentWriter(file, id, created, stepBytes);
            writer.Preallocate(stepBytes);
            file.Write(0, [new SegmentHeader(id, created).ToBytes()]);
            writer.LengthBytes = SegmentHeader.Bytes;
            writer.Flush();
            folder.Flush();
            return writer;
        }
        catch (IOException)
        {
            file.Dispose();
            DeleteQuietly(folder, name);
            throw;
        }
    }

    /// <summary>Writes records one after the other; they are durable after <see cref="Flush"/>.</summary>
    /// <param name="records">Each from <see cref="BeginRecord"/>, with its payload.</param>
    public void Append(IReadOnlyList<ByteWriter> records)
    {
        _parts.Clear();
        var end = LengthBytes;
        foreach (var record in records)
        {
            FinishRecord(record);
            _parts.Add(record.Memory);
            end += record.Count;
        }

        Preallocate(end);
        _file.Write(LengthBytes, _parts);
        LengthBytes = end;
    }

    public void Flush()
    {
        _file.Flush();
        FlushedBytes = LengthBytes;
    }

    /// <summary>After a failed write or flush: cuts off what was never acknowledged, so that no later start finds it.</summary>
    /// <exception cref="IOException">It could not be cut off: whether the next start finds it is open.</exception>
    public void TakeBack()
    {
        _file.Truncate(FlushedBytes);
        _file.Flush();
    }

    /// <summary>Marks the end, so that damage to the last record cannot be mistaken for a write cut short, and gives back the space beyond.</summary>
    public void Finish()
    {
        var mark = RecordHeader.EndMark(Id, FlushedBytes);
        _file.Write(LengthBytes, [mark]);
        LengthBytes += mark.Length;
        _file.Truncate(LengthBytes);
        Flush();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Starts a record: room for its header, to be followed by the payload.</summary>
    public static void BeginRecord(ByteWriter record) => record.Append(RecordHeader.Bytes).Clear();

    void FinishRecord(ByteWriter record)
    {
        var payload = record.Written[RecordHeader.Bytes..];
        var payloadBytes = payload.Length;
        var header = new RecordHeader(payloadBytes, FlushedBytes, Crc.Of(payload));
        record.Append(RecordHeader.Padded(payloadBytes) - payloadBytes).Clear();
        header.Write(record.Written, Id);
    }

    void Preallocate(long end)
    {
        if (end <= PreallocatedBytes)
            return;
        var target = (end + _stepBytes - 1) / _stepBytes * _stepBytes;
        _file.Preallocate(target);
        PreallocatedBytes = target;
    }

    // The failure that brought us here is the one to report; a file left behind is empty, and removed at the next start.
    static void DeleteQuietly(IStorageFolder folder, string name)
    {
        try
        {
            folder.Delete(name);
        }
        catch (IOException)
        {
            return;
        }
    }
}
