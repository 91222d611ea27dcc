using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>What searching a block takes beyond reading it: where its shapes, scopes and keys are.</summary>
internal sealed class SearchTables
{
    public SearchTables(BlockFile file, BlockTables tables)
    {
        Tables = tables;
        Uses = GroupUses.Read(file, tables.Index, tables.Shapes.Length, tables.Dictionary.Scopes.Count);
        Keys = new KeyUses(tables.Shapes);
        var dictionary = tables.Dictionary;
        SpanPerScope = new SpanBatch(dictionary.Strings, dictionary.Resources, dictionary.Scopes);
        for (var row = 0; row < dictionary.Nested.Count; row++)
            SpanPerScope.Nested.Set(SpanPerScope.Nested.Append(1), dictionary.Nested.Keys[row], dictionary.Nested.Values[row]);
        for (var scope = 0; scope < dictionary.Scopes.Count; scope++)
            SpanPerScope.EndSpan(new SpanRow { Scope = scope });
    }

    /// <summary>What reading it takes.</summary>
    public BlockTables Tables { get; }

    public BlockIndex Index => Tables.Index;

    public SpanBatch Dictionary => Tables.Dictionary;

    public SpanShape[] Shapes => Tables.Shapes;

    /// <summary>Where shared shapes and scopes are.</summary>
    public GroupUses Uses { get; }

    /// <summary>Where keys are in shared shapes.</summary>
    public KeyUses Keys { get; }

    /// <summary>The dictionary with an empty span of each scope: what meets a condition on scopes, or resources, is found by matching these.</summary>
    public SpanBatch SpanPerScope { get; }

    /// <summary>What it costs to keep in memory, about, with the block's tables.</summary>
    public long MemoryBytes => Tables.MemoryBytes + Uses.MemoryBytes + Keys.MemoryBytes + Dictionary.Scopes.Count * 150L;
}
