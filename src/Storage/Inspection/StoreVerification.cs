using Clew.Storage.Blocks;

namespace Clew.Storage.Inspection;

/// <summary>Reads every byte of a snapshot, and holds it against its checksums and against what other files say of it. Changes nothing.</summary>
public sealed class StoreVerification
{
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
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = _cancellation };
        try
        {
            // The largest first, so that no core is left with a large one in the end.
            Parallel.ForEach(_snapshot.Blocks.OrderByDescending(block => block.File.LengthBytes), parallel, block => new BlockVerification(block, _log, _cancellation).Run());
        }
        catch (AggregateException failures)
        {
            throw failures.Flatten().InnerExceptions.OfType<IOException>().FirstOrDefault() ?? failures.InnerExceptions[0];
        }

        // One after the other: each is held in memory whole.
        foreach (var segment in _snapshot.Segments)
            new SegmentVerification(segment, _snapshot.Holder is not null, _log, _cancellation).Run();
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
            var loss = block.SpanCount == 0 ? "all spans of the segment"
                : $"all {block.SpanCount} spans of the block, which start from {block.StartMin.ToDateTimeOffset():O} to {block.StartMax.ToDateTimeOffset():O}";
            _log.Add(new FoundDamage(path, 0, 0, "the file is missing", loss, "Put the file of this name from a backup in its place, with the server stopped."));
        }
    }

    void NoteOthers()
    {
        foreach (var name in _snapshot.Others)
        {
            if (name.EndsWith(FileNames.Damaged, StringComparison.Ordinal))
                _log.Note($"{name} was set aside earlier because part of it could not be read. Delete it when it is not needed.");
            else if (FileNames.IsOfStore(name) && _snapshot.Holder is null)
                _log.Note($"{name} is not part of the store: left over, and removed by the next start.");
            else if (!FileNames.IsOfStore(name))
                _log.Note($"{name} is not of the store.");
        }

        if (_snapshot.Elsewhere.Count() is var elsewhere and > 0)
            _log.Note($"{elsewhere} blocks are in a bucket, and were not read.");
    }
}
