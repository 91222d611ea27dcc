using Clew.Storage.Blocks;

namespace Clew.Storage.Retention;

/// <summary>What the store takes of its disk at the moment.</summary>
internal sealed class DiskUse(BlockFiles files, ManifestFile manifest, StoreContents contents, StorageOptions options)
{
    public DiskBudget Budget()
    {
        var blocks = manifest.Current.Blocks.Where(block => block.Place == BlockPlace.Folder).Sum(block => block.Bytes);
        return new DiskBudget(contents.View.Segments.Sum(segment => segment.FileBytes) + blocks, files.FreeBytes, options);
    }
}
