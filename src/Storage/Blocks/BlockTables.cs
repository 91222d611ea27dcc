using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>What reading any row group of a block takes.</summary>
/// <param name="Dictionary">Shared strings, resources and scopes; no spans.</param>
/// <param name="Shapes">Shared shapes.</param>
internal sealed record BlockTables(BlockIndex Index, SpanBatch Dictionary, SpanShape[] Shapes)
{
    public static BlockTables Read(BlockFile file, BlockIndex index)
    {
        var dictionary = file.ReadDictionary(index);
        return new BlockTables(index, dictionary, file.ReadShapes(index, dictionary.Strings.Count));
    }

    /// <summary>What it costs to keep in memory, about, with the index.</summary>
    public long MemoryBytes =>
        Index.MemoryBytes + BatchMemory.Of(Dictionary) + Dictionary.Strings.Count * 16L + Shapes.Sum(shape => 200L + 8L * shape.Attributes.Length + 100L * shape.EventCount);
}
