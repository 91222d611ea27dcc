using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;
using Clew.Storage.Reading;

namespace Clew.Storage.Benchmarks;

/// <summary>Blocks in a temporary folder, open as a store has them, in the page cache.</summary>
internal sealed class BlockFolder : IDisposable
{
    static readonly UnixNanos Arrived = new(1_750_000_100_000_000_000);

    readonly DiskFolder _folder = DiskFolder.OpenOrCreate(Directory.CreateTempSubdirectory("clew-bench-").FullName);
    readonly BlockFiles _files;
    Manifest _manifest = Manifest.Empty;

    public BlockFolder()
    {
        _files = new BlockFiles(_folder, new BlockCache(Options.BlockCacheBytesMax), Damage, Fail);
        var turns = new ReadTurns(1, TaskScheduler.Default);
        Reader = new StoreReader(Contents, Damage, turns, turns);
    }

    public StorageOptions Options { get; } = new();

    public DamageLog Damage { get; } = new(Fail);

    public StoreContents Contents { get; } = new(new OperationCatalog());

    /// <summary>Answers queries over all blocks, with one thread.</summary>
    public StoreReader Reader { get; }

    /// <summary>All blocks, listed.</summary>
    public ManifestFile ManifestFile => new(_folder, _manifest);

    public Block Add(SpanBatch spans)
    {
        var id = (ulong)_manifest.Blocks.Length + 1;
        BlockIndex index;
        using (var file = _folder.Create(FileNames.Block(id)))
            index = BlockWriter.Write(file, spans, new BlockOrigin(id, id, Arrived, Arrived, StoreLevel.Live, []), Options.RowGroupRows, Options.Codec, default);
        var summary = BlockSummary.Of(id, new FileInfo(Path.Combine(_folder.Path, FileNames.Block(id))).Length, index);
        _manifest = _manifest with { Blocks = _manifest.Blocks.Add(summary) };
        var block = _files.Open(summary);
        Contents.Open(block);
        return block;
    }

    public void Dispose()
    {
        Contents.Dispose();
        Directory.Delete(_folder.Path, recursive: true);
    }

    // A benchmark of what is not there would be fast.
    static void Fail(StorageEvent problem) => throw new InvalidOperationException(problem.Message);
}
