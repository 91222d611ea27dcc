using Clew.Storage.Blocks;
using Clew.Storage.Buckets;

namespace Clew.Storage.Inspection;

/// <summary>Reads every byte of a snapshot, in the folder and in the buckets within its reach, and holds it against its checksums and against what other files say of it. Changes nothing.</summary>
public sealed class StoreVerification
{
    /// <summary>Each stream of reads keeps pages of its own in memory.</summary>
    const int BucketParallelism = 2;

    readonly StoreSnapshot _snapshot;
    readonly VerificationLog _log;
    readonly CancellationToken _cancellation;

    StoreVerification(StoreSnapshot snapshot, VerificationLog log, CancellationToken cancellation) => (_snapshot, _log, _cancellation) = (snapshot, log, cancellation);

    /// <exception cref="UnsupportedFormatException">A block is of the first version, or needs a library that is missing here.</exception>
    public static VerificationReport Run(StoreSnapshot snapshot, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var total = snapshot.Blocks.Sum(block => block.File.LengthBytes) + snapshot.Segments.Sum(segment => segment.File.LengthBytes);
        var log = new VerificationLog(total, progress);
        new StoreVerification(snapshot, log, cancellation).Run();
        return log.ToReport(snapshot.Blocks.Count, snapshot.Segments.Count);
    }

    void Run()
    {
        CheckManifest();
        CheckMissing();
        NoteOthers();
        Check(_snapshot.Blocks.Where(block => block.Summary.Place == BlockPlace.Folder), Environment.ProcessorCount);
        Check(_snapshot.Blocks.Where(block => block.Summary.Place != BlockPlace.Folder), BucketParallelism);
        // One after the other: each is held in memory whole.
        foreach (var segment in _snapshot.Segments)
            new SegmentVerification(segment, _snapshot.Holder is not null, _log, _cancellation).Run();
    }

    void Check(IEnumerable<SnapshotBlock> blocks, int parallelism)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = _cancellation };
        try
        {
            // The largest first, so that no core is left with a large one in the end.
            Parallel.ForEach(blocks.OrderByDescending(block => block.File.LengthBytes), parallel, Check);
        }
        catch (AggregateException failures)
        {
            throw failures.Flatten().InnerExceptions.OfType<IOException>().FirstOrDefault() ?? failures.InnerExceptions[0];
        }
    }

    void Check(SnapshotBlock block)
    {
        try
        {
            new BlockVerification(block, _log, _cancellation).Run();
        }
        catch (BucketException missing) when (missing.Failure == BucketFailure.Missing)
        {
            if (IsStillListed(block.Summary))
                _log.Add(new FoundDamage(block.File.Path, 0, block.File.LengthBytes, missing.Message, block.Summary.AllSpans, "Put the object of this name back, if there is a copy of it: blocks never change."));
            else
                _log.Note($"{block.File.Path} was merged or expired by the server while this ran.");
        }
        catch (BucketException failure)
        {
            _log.AddUnchecked(block.Summary, failure);
        }
    }

    // What a server deletes in a bucket is gone from there at once, whoever reads it.
    bool IsStillListed(BlockSummary block)
    {
        try
        {
            return Manifest.Load(_snapshot.Folder).Blocks.Any(listed => listed.Object == block.Object);
        }
        catch (IOException)
        {
            return true;
        }
    }

    void CheckManifest()
    {
        if (_snapshot.ManifestDamage is { } damage)
        {
            _log.Add(new FoundDamage(
                damage.Path, damage.Offset, _snapshot.ManifestBytes - damage.Offset, damage.Message, "no span; what was counted as expired or dropped",
                "The next start makes it again from the blocks, and keeps this one as manifest.damaged."));
        }

        foreach (var unreadable in _snapshot.Unreadable)
        {
            _log.Add(new FoundDamage(
                unreadable.Path, unreadable.Offset, 0, unreadable.Message, "all spans of the block; without footer and manifest it is not known how many, and of when",
                "Put the file of this name from a backup in its place, with the server stopped: blocks never change."));
        }
    }

    void CheckMissing()
    {
        foreach (var name in _snapshot.Missing)
        {
            var path = Path.Combine(_snapshot.FolderPath, name);
            var block = _snapshot.Manifest.Blocks.FirstOrDefault(block => FileNames.Block(block.Id) == name);
            var loss = block == default ? "all spans of the segment" : block.AllSpans;
            _log.Add(new FoundDamage(path, 0, 0, "the file is missing", loss, "Put the file of this name from a backup in its place, with the server stopped."));
        }
    }

    void NoteOthers()
    {
        foreach (var name in _snapshot.Others)
        {
            // Of the store, and holds nothing that is not elsewhere.
            if (name is FileNames.BucketPages or FileNames.Claims)
                continue;
            if (name.EndsWith(FileNames.Damaged, StringComparison.Ordinal))
                _log.Note($"{name} was set aside earlier because part of it could not be read. Delete it when it is not needed.");
            else if (FileNames.IsOfStore(name) && _snapshot.Holder is null)
                _log.Note($"{name} is not part of the store: left over, and removed by the next start.");
            else if (!FileNames.IsOfStore(name))
                _log.Note($"{name} is not of the store.");
        }

        foreach (var leftOut in _snapshot.LeftOut)
            _log.AddUnchecked(leftOut);
    }
}
