using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>What reading any row group of a block takes.</summary>
internal sealed class BlockTables
{
    BlockTables(BlockIndex index, SpanBatch dictionary, SpanShape[] shapes, byte[] directories, string path)
    {
        (Index, Dictionary, Shapes, Directories) = (index, dictionary, shapes, directories);
        Uses = GroupUses.Read(directories, index, shapes.Length, dictionary.Scopes.Count, path);
        Keys = new KeyUses(shapes);
        SpanPerScope = new SpanBatch(dictionary.Strings, dictionary.Resources, dictionary.Scopes);
        for (var row = 0; row < dictionary.Nested.Count; row++)
            SpanPerScope.Nested.Set(SpanPerScope.Nested.Append(1), dictionary.Nested.Keys[row], dictionary.Nested.Values[row]);
        for (var scope = 0; scope < dictionary.Scopes.Count; scope++)
            SpanPerScope.EndSpan(new SpanRow { Scope = scope });
    }

    public BlockIndex Index { get; }

    /// <summary>Shared strings, resources and scopes; no spans.</summary>
    public SpanBatch Dictionary { get; }

    /// <summary>The dictionary with an empty span of each scope: what meets a condition on scopes, or resources, is found by matching these.</summary>
    public SpanBatch SpanPerScope { get; }

    /// <summary>Shared shapes.</summary>
    public SpanShape[] Shapes { get; }

    /// <summary>The directories of all row groups, one behind the other.</summary>
    public byte[] Directories { get; }

    /// <summary>Where shared shapes and scopes are.</summary>
    public GroupUses Uses { get; }

    /// <summary>Where keys are in shared shapes.</summary>
    public KeyUses Keys { get; }

    public static BlockTables Read(BlockFile file, BlockIndex index)
    {
        var dictionary = file.ReadDictionary(index);
        return new BlockTables(index, dictionary, file.ReadShapes(index, dictionary.Strings.Count), file.ReadDirectories(index), file.Path);
    }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => Head.BatchMemory.Of(Dictionary) + Dictionary.Strings.Count * 16L + Shapes.Sum(shape => 200L + 8L * shape.Attributes.Length + 100L * shape.EventCount)
        + Directories.Length + Uses.MemoryBytes + Keys.MemoryBytes + Dictionary.Scopes.Count * 150L;

    /// <summary>Where a row group's directory starts in <see cref="Directories"/>.</summary>
    public int DirectoryStart(RowGroupInfo group) => (int)(group.DirectoryOffset - Index.DirectoriesOffset);
}
