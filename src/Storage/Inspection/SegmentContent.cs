using Clew.Storage.Files;
using Clew.Storage.Segments;

namespace Clew.Storage.Inspection;

/// <summary>What a segment holds, read in one go while someone may be writing to it.</summary>
/// <remarks>
/// A read that overtakes a write can see the write half done and a later one, which vouches for it, whole: that looks like damage. By the time the later one was there,
/// the earlier one was complete; so bad places are read once more, and what is bad then is bad on the disk.
/// </remarks>
internal sealed class SegmentContent
{
    SegmentContent(ReadOnlyMemory<byte> bytes, SegmentScan scan, CorruptFileException? headerDamage)
    {
        Bytes = bytes;
        Scan = scan;
        HeaderDamage = headerDamage;
    }

    /// <summary>The whole file, preallocated space included.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public SegmentScan Scan { get; }

    /// <summary>Null when the file's header is as it was written.</summary>
    public CorruptFileException? HeaderDamage { get; }

    /// <summary>Nothing was ever acknowledged from it, as far as can be told: it was just begun.</summary>
    public bool IsUnused => Scan is { Records.Count: 0, Damage.Count: 0 } && !Bytes.Span[Math.Min(Bytes.Length, SegmentHeader.Bytes)..].ContainsAnyExcept((byte)0);

    /// <exception cref="UnsupportedFormatException">A newer version wrote it.</exception>
    public static SegmentContent Read(IReadableFile file, ulong id)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(checked((int)file.LengthBytes));
        var content = buffer.AsMemory(0, file.Read(0, buffer));
        var scan = SegmentScan.Of(content, id);
        var headerDamage = CheckHeader(content, id, file.Path);
        if (scan.Damage.Count == 0 && headerDamage is null)
            return new SegmentContent(content, scan, null);
        foreach (var bad in scan.Damage)
            file.Read(bad.Offset, content.Span.Slice((int)bad.Offset, (int)bad.Bytes));
        file.Read(0, content.Span[..Math.Min(content.Length, SegmentHeader.Bytes)]);
        return new SegmentContent(content, SegmentScan.Of(content, id), CheckHeader(content, id, file.Path));
    }

    static CorruptFileException? CheckHeader(ReadOnlyMemory<byte> content, ulong id, string path)
    {
        try
        {
            SegmentHeader.Read(content.Span, id, path);
            return null;
        }
        catch (CorruptFileException corrupt)
        {
            return corrupt;
        }
    }
}
