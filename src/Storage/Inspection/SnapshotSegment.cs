using Clew.Storage.Files;

namespace Clew.Storage.Inspection;

/// <summary>A segment of a snapshot.</summary>
/// <param name="IsNewest">Only the newest one may be without records.</param>
internal sealed record SnapshotSegment(ulong Id, IReadableFile File, bool IsNewest)
{
    public SegmentContent Read() => SegmentContent.Read(File, Id);
}
