using Clew.Storage.Blocks;
using Clew.Storage.Buckets;
using Clew.Storage.Files;

namespace Clew.Storage.Inspection;

/// <summary>The files that together are a store at one moment, open to be read. The folder is not locked and not changed, and a server may go on working in it.</summary>
/// <remarks>
/// <para>The manifest says which blocks and segments are alive. It is read, the files it speaks of are opened, and it is read again: when it is still the same, these files are one
/// consistent store, in which every span acknowledged before is exactly once. Else it starts over, which takes milliseconds and happens as often as a block is made.</para>
/// <para>From then on nothing of the folder can vanish: what a server deletes stays readable as long as it is open. The newest segments may still grow. Blocks in buckets are there until
/// a server deletes them.</para>
/// </remarks>
public sealed class StoreSnapshot : IDisposable
{
    const int AttemptsMax = 1_000;

    readonly List<SnapshotBlock> _blocks = [];
    readonly List<SnapshotSegment> _segments = [];
    readonly List<string> _missing = [];
    readonly List<string> _others = [];
    readonly List<CorruptFileException> _unreadable = [];

    readonly StorageOptions? _buckets;
    TierSet _tiers = TierSet.None;

    StoreSnapshot(IReadableFolder folder, StorageOptions? buckets) => (Folder, _buckets) = (folder, buckets);

    /// <summary>Where it is.</summary>
    public string FolderPath => Folder.Path;

    /// <summary>The process that had the store open when the snapshot was taken; 0 when it is not known which one, null when there was none.</summary>
    public int? Holder { get; private init; }

    internal IReadableFolder Folder { get; }

    internal Manifest Manifest { get; private set; } = Manifest.Empty;

    /// <summary>Why the manifest could not be read and was made from the blocks' footers; null when it was read, or there is none and no need for one.</summary>
    internal CorruptFileException? ManifestDamage { get; private set; }

    /// <summary>The size of a manifest that could not be read.</summary>
    internal long ManifestBytes { get; private set; }

    internal IReadOnlyList<SnapshotBlock> Blocks => _blocks;

    /// <summary>Blocks in a bucket that is not within reach.</summary>
    internal IEnumerable<BlockSummary> Elsewhere => Manifest.Blocks.Where(block => block.Place != BlockPlace.Folder && !_tiers.Tiers.ContainsKey(block.Place));

    /// <summary>What is left out because it is in a bucket that is not within reach: one sentence per bucket.</summary>
    public IReadOnlyList<string> LeftOut =>
    [
        .. from block in Elsewhere
           group block by TierSet.NameOf(block.Place) into blocks
           select $"{blocks.Count()} blocks with {blocks.Sum(block => block.SpanCount)} spans, {blocks.Sum(block => block.Bytes)} bytes, are in the bucket of the {blocks.Key} level (storage.{blocks.Key}), and left out.",
    ];

    /// <summary>Oldest first.</summary>
    internal IReadOnlyList<SnapshotSegment> Segments => _segments;

    /// <summary>Names of files that should be here and are not.</summary>
    internal IReadOnlyList<string> Missing => _missing;

    /// <summary>Names of files that hold none of the store's spans: half-written, set aside, replaced, or not of the store at all.</summary>
    internal IReadOnlyList<string> Others => _others;

    /// <summary>Blocks without a readable footer, when there is no manifest that could say what was in them.</summary>
    internal IReadOnlyList<CorruptFileException> Unreadable => _unreadable;

    /// <param name="buckets">Where the blocks are that are not in the folder; null leaves them out.</param>
    /// <exception cref="StoreFolderException">There is no such folder, or no store in it.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version wrote its manifest.</exception>
    public static StoreSnapshot Open(string folder, StorageOptions? buckets = null)
    {
        var opened = ReadOnlyFolder.Open(folder);
        if (!opened.HasLockFile && !opened.List().Any(FileNames.IsOfStore))
            throw new StoreFolderException(opened.Path, "there is no store in it.");
        return Open(opened, opened.FindHolder(), buckets);
    }

    internal static StoreSnapshot Open(IReadableFolder folder, int? holder = null, StorageOptions? buckets = null)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var snapshot = new StoreSnapshot(folder, buckets) { Holder = holder };
            try
            {
                if (snapshot.TryTake())
                    return snapshot;
            }
            catch
            {
                snapshot.Dispose();
                throw;
            }

            snapshot.Dispose();
        }

        throw new IOException($"{folder.Path} changes faster than it can be read. Try again, or stop the server for a moment.");
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
            block.File.Dispose();
        foreach (var segment in _segments)
            segment.File.Dispose();
        _tiers.Dispose();
    }

    bool TryTake()
    {
        var before = ReadManifest();
        Manifest = before ?? Manifest.Empty;
        if (before is null && !TryRebuild())
            return false;
        foreach (var block in Manifest.Blocks.Where(block => block.Place == BlockPlace.Folder))
        {
            if (TryOpen(FileNames.Block(block.Id)) is { } file)
                _blocks.Add(new SnapshotBlock(block, file));
        }

        if (_buckets is not null)
            _tiers = TierSet.OpenToRead(_buckets, Folder.Path, Manifest);
        // Nothing is asked for before it is read.
        foreach (var block in Manifest.Blocks.Where(block => _tiers.Tiers.ContainsKey(block.Place)))
            _blocks.Add(new SnapshotBlock(block, _tiers.Open(block)));
        var names = Folder.List();
        _others.AddRange(names.Where(name => !IsAlive(name)));
        return TryOpenSegments(names) && ReadManifest()?.Generation == before?.Generation;
    }

    Manifest? ReadManifest()
    {
        ManifestDamage = null;
        try
        {
            return Manifest.Load(Folder);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (CorruptFileException corrupt)
        {
            ManifestDamage = corrupt;
            using var file = Folder.OpenToRead(FileNames.Manifest);
            ManifestBytes = file.LengthBytes;
            return null;
        }
    }

    // As a start without a manifest does, only that nothing is written.
    bool TryRebuild()
    {
        var damage = ManifestDamage;
        var names = Folder.List();
        if (!names.Any(name => FileNames.TryParseBlock(name, out _)))
            return true;
        try
        {
            Manifest = ManifestRebuild.Read(Folder, names, out var unreadable);
            _unreadable.AddRange(unreadable.Select(block => block.Damage));
        }
        catch (FileNotFoundException)
        {
            // A block went while it was looked at: someone is at work here.
            return false;
        }

        ManifestDamage = damage;
        return true;
    }

    bool IsAlive(string name) =>
        name == FileNames.Manifest
        || (FileNames.TryParseBlock(name, out var block) && Manifest.Blocks.Any(listed => listed.Id == block && listed.Place == BlockPlace.Folder))
        || (FileNames.TryParseSegment(name, out var segment) && segment >= Manifest.FirstLiveSegment);

    bool TryOpenSegments(IReadOnlyList<string> names)
    {
        ulong[] ids = [.. names.Select(name => FileNames.TryParseSegment(name, out var id) ? id : 0).Where(id => id > 0 && id >= Manifest.FirstLiveSegment)];
        var expected = Math.Max(1, Manifest.FirstLiveSegment);
        foreach (var id in ids)
        {
            for (; expected < id; expected++)
                _missing.Add(FileNames.Segment(expected));
            expected = id + 1;
            if (TryOpen(FileNames.Segment(id)) is not { } file)
                return false;
            _segments.Add(new SnapshotSegment(id, file, IsNewest: id == ids[^1]));
        }

        return true;
    }

    IReadableFile? TryOpen(string name)
    {
        try
        {
            return Folder.OpenToRead(name);
        }
        catch (FileNotFoundException)
        {
            _missing.Add(name);
            return null;
        }
    }
}
