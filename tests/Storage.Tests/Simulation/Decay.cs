using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Inspection;
using Clew.Storage.Segments;
using Clew.Storage.Tests.Buckets;

namespace Clew.Storage.Tests.Simulation;

/// <summary>Bits that flip on a disk. Each is found by a verification, and costs no more than the spans of the smallest part of its file that has a checksum.</summary>
internal sealed class Decay(SimulatedDisk disk, Random random, Oracle oracle)
{
    /// <summary>What was read of buckets. It may go at any time.</summary>
    public const string Cache = "buckets.cache";

    /// <summary>Of a disk that loses more, little is left that must be there.</summary>
    const int HitsMax = 4;

    readonly HashSet<string> _hit = new(StringComparer.Ordinal);

    /// <summary>What was counted as gone is forgotten, and blocks come back that were not deleted yet: those of buckets, whose garbage is forgotten, for good.</summary>
    public bool HasHitManifest => _hit.Contains(FileNames.Manifest);

    /// <summary>Nothing is changed in buckets any more: that nobody else does cannot be told.</summary>
    public bool HasHitClaims => _hit.Contains(FileNames.Claims);

    public int Count => _hit.Count;

    /// <summary>A bit flips while no process is there.</summary>
    /// <returns>The file; null when there was none to choose.</returns>
    public string? FlipAtRest() => Flip([FileNames.Manifest, FileNames.Claims, Cache, ".block", ".segment"], holder: null);

    /// <summary>A bit of a block flips, be it one that is being read, merged or moved.</summary>
    public void FlipInUse() => Flip([".block"], holder: 1);

    /// <summary>Whether a report of damage is about something that was hit.</summary>
    public bool Explains(string damage) =>
        _hit.Any(name => Names(damage, name)) || (HasHitManifest && damage.Contains("are missing", StringComparison.Ordinal));

    /// <summary>Whether a report of damage names a file, by its name in the folder or in a bucket.</summary>
    public static bool Names(string damage, string file) =>
        damage.Contains("/" + file, StringComparison.Ordinal) || (file.EndsWith(".block", StringComparison.Ordinal) && damage.Contains("/" + file[..^".block".Length] + "-", StringComparison.Ordinal));

    string? Flip(string[] kinds, int? holder)
    {
        if (_hit.Count >= HitsMax)
            return null;
        var kind = kinds[random.Next(kinds.Length)];
        var candidates = disk.Files.Where(file => file.Key.EndsWith(kind, StringComparison.Ordinal) && !_hit.Contains(file.Key) && (file.Value.IsDurable || kind == Cache) && file.Value.Length > 0).ToArray();
        // Of the store's id there are two copies. Without both nobody knows what is its own in a bucket.
        if (candidates.Length == 0 || (kind == FileNames.Manifest && HasHitClaims) || (kind == FileNames.Claims && HasHitManifest))
            return null;
        var (name, file) = candidates[random.Next(candidates.Length)];
        var at = random.NextInt64(file.Length);
        if ((kind == ".block" && !TryExposePiece(file.Current, name, at)) || (kind == ".segment" && !TryExposeRecord(file.Current, name, at)))
            return null;
        _hit.Add(name);
        file.Flip(at, random.Next(8));
        Verify(name, at, holder);
        return name;
    }

    // The lowest byte of the version: with another one it is a block of a newer program, which a start refuses.
    bool TryExposePiece(byte[] content, string name, long at)
    {
        if (at == BlockFormat.Magic.Length)
            return false;
        using var file = new BlockFile(new MemoryFile(content));
        var index = file.ReadIndex();
        var map = new BlockMap(file, index);
        var groups = Enumerable.Range(0, index.Groups.Length);
        var hit = map.Others().Concat(groups.SelectMany(map.PiecesOf)).Single(piece => piece.Offset <= at && at < piece.End);
        if (hit.Use == PieceUse.Speed)
            return true;
        using var reader = new RowGroupReader(file, BlockTables.Read(file, index));
        foreach (var group in groups.Where(group => hit.Use == PieceUse.Block || group == hit.Group))
            oracle.Expose(Batches.Rows(reader.ReadWhole(index.Groups[group])), name);
        return true;
    }

    // Without a mark at its end, damage to the last write of a segment looks like a write that a crash cut short; and so does damage to the mark. A mark that only the
    // system's memory has is none, as a power loss takes it away: what is not durable is not hit at all.
    bool TryExposeRecord(byte[] content, string name, long at)
    {
        if (!FileNames.TryParseSegment(name, out var id) || SegmentScan.Of(content, id) is not { HasEndMark: true, Damage.Count: 0 } scan
            || (at >= scan.End - RecordHeader.Bytes && at < scan.End))
            return false;
        foreach (var record in scan.Records.Where(record => at >= record.Offset - RecordHeader.Bytes && at < record.Offset + record.Payload.Length))
            oracle.Expose(Batches.Rows(BatchRecord.Decode(record.Payload, name, record.Offset)), name);
        return true;
    }

    void Verify(string name, long at, int? holder)
    {
        using var snapshot = StoreSnapshot.Open(disk.ReadOnly(), holder);
        var report = StoreVerification.Run(snapshot);
        foreach (var damage in report.Damage)
            Assert.True(_hit.Any(hit => Names(damage.File, hit)) || (HasHitManifest && damage.Bytes == 0), $"{name}, byte {at} flipped: {damage}");
        // What nobody needs any more, or only makes queries faster, is not verified.
        var isAlive = name == FileNames.Manifest || snapshot.Blocks.Any(block => Names(block.File.Path, name)) || snapshot.Segments.Any(segment => Names(segment.File.Path, name));
        var isFound = report.Damage.Any(damage => Names(damage.File, name) && damage.Offset <= at && at < damage.Offset + damage.Bytes);
        Assert.True(isFound || !isAlive, $"{name}, byte {at} flipped, and a verification does not say so: {string.Join(' ', report.Damage)}");
    }
}
