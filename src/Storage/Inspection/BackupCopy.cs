using System.Buffers;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;
using Clew.Storage.Files;
using Clew.Storage.Segments;

namespace Clew.Storage.Inspection;

/// <summary>Writes a snapshot into an empty folder, as a store that can be opened: blocks as they are, segments up to where they are whole, then the manifest.</summary>
/// <remarks>
/// What is copied is flushed, read back and compared by checksum. The manifest comes last: without it the folder is not a store that is missing something, but not one yet.
/// A segment that was being written ends with an end mark in the copy, so that later damage to it cannot be taken for a write cut short.
/// </remarks>
/// <param name="tryLink">Gives the file at a path a second name in the target folder; false when that is not possible, and it is to be copied.</param>
/// <param name="advance">Told about each stretch of bytes that is dealt with.</param>
internal sealed class BackupCopy(
    StoreSnapshot snapshot, IStorageFolder target, Func<string, string, bool> tryLink, Action<long> advance, CancellationToken cancellation)
{
    const int PieceBytes = 1 << 20;

    public int LinkedCount { get; private set; }

    public long LinkedBytes { get; private set; }

    public int SegmentCount { get; private set; }

    public long CopiedBytes { get; private set; }

    /// <exception cref="CorruptFileException">A block in a bucket is shorter than the manifest says.</exception>
    /// <exception cref="IOException">The source could not be read, or the target not be written, or it does not hold what was written.</exception>
    public void Run()
    {
        foreach (var block in snapshot.Blocks)
            CopyBlock(block);
        foreach (var segment in snapshot.Segments)
            CopySegment(segment);
        var copied = snapshot.Blocks.Select(block => block.Summary.Id).ToHashSet();
        // A block that was in a bucket is in the backup itself from now on.
        var blocks = snapshot.Manifest.Blocks.Select(block => copied.Contains(block.Id) ? block with { Place = BlockPlace.Folder, Tag = 0 } : block);
        (snapshot.Manifest with { Blocks = [.. blocks] }).Save(target);
    }

    void CopyBlock(SnapshotBlock block)
    {
        var name = FileNames.Block(block.Summary.Id);
        if (block.Summary.Place == BlockPlace.Folder && tryLink(block.File.Path, name))
        {
            LinkedCount++;
            LinkedBytes += block.File.LengthBytes;
            advance(block.File.LengthBytes);
            return;
        }

        // By the open file: its name may be gone by now.
        var length = Write(name, Pieces(block.File));
        if (length != block.File.LengthBytes)
            throw new CorruptFileException(block.File.Path, length, $"{block.File.LengthBytes - length} more bytes", "the end of the file");
    }

    void CopySegment(SnapshotSegment segment)
    {
        var content = segment.Read();
        if (segment.IsNewest && content.IsUnused)
            return;
        var whole = content.Bytes[..(int)Math.Min(content.Scan.End, content.Bytes.Length)];
        List<ReadOnlyMemory<byte>> parts = [whole];
        if (!content.Scan.HasEndMark)
            parts.Add(RecordHeader.EndMark(segment.Id, content.Scan.End));
        Write(FileNames.Segment(segment.Id), parts);
        SegmentCount++;
    }

    static IEnumerable<ReadOnlyMemory<byte>> Pieces(IReadableFile file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var offset = 0L;
            while (file.Read(offset, buffer.AsSpan(0, PieceBytes)) is var read and > 0)
            {
                yield return buffer.AsMemory(0, read);
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    long Write(string name, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using var file = target.Create(name);
        var crc = 0u;
        var length = 0L;
        foreach (var piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            file.Write(length, [piece]);
            crc = Crc.Of(piece.Span, crc);
            length += piece.Length;
            advance(piece.Length);
        }

        file.Flush();
        var readBack = Pieces(file).Aggregate(0u, (sum, piece) => Crc.Of(piece.Span, sum));
        if (readBack != crc)
            throw new IOException($"{file.Path} does not hold what was written to it: checksum {readBack:x8} instead of {crc:x8}. The target's disk cannot be trusted; choose another.");
        CopiedBytes += length;
        return length;
    }
}
