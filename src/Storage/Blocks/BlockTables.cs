using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>What reading any row group of a block takes.</summary>
/// <param name="Dictionary">Shared strings, resources and scopes; no spans.</param>
/// <param name="Shapes">Shared shapes.</param>
/// <param name="Directories">Those of all row groups, one behind the other.</param>
internal sealed record BlockTables(BlockIndex Index, SpanBatch Dictionary, SpanShape[] Shapes, byte[] Directories)
{
    public static BlockTables Read(BlockFile file, BlockIndex index)
    {
        var dictionary = file.ReadDictionary(index);
        return new BlockTables(index, dictionary, file.ReadShapes(index, dictionary.Strings.Count), file.ReadDirectories(index));
    }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes =>
        Head.BatchMemory.Of(Dictionary) + Dictionary.Strings.Count * 16L + Shapes.Sum(shape => 200L + 8L * shape.Attributes.Length + 100L * shape.EventCount) + Directories.Length;

    /// <summary>Where a row group's directory starts in <see cref="Directories"/>.</summary>
    public int DirectoryStart(RowGroupInfo group) => (int)(group.DirectoryOffset - Index.DirectoriesOffset);
}
