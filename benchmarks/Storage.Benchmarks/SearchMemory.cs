using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;
using Clew.Storage.Inspection;

namespace Clew.Storage.Benchmarks;

/// <summary>What the blocks of a data folder need in memory to be searched without reading it again.</summary>
internal static class SearchMemory
{
    public static void Run(string folder)
    {
        using var snapshot = StoreSnapshot.Open(folder);
        Console.WriteLine("| spans | row groups | shapes | scopes | index | dictionary and shapes | where shapes and scopes are | keys | all, bytes per span |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var summary in snapshot.Blocks)
        {
            var file = summary.Read();
            var index = file.ReadIndex();
            var search = new SearchTables(file, BlockTables.Read(file, index));
            Console.WriteLine(
                $"| {index.SpanCount} | {index.Groups.Length} | {search.Shapes.Length} | {search.Dictionary.Scopes.Count} | {index.MemoryBytes} | {search.Tables.MemoryBytes - index.MemoryBytes} "
                + $"| {search.Uses.MemoryBytes} | {search.Keys.MemoryBytes} | {(double)search.MemoryBytes / index.SpanCount:F3} |");
        }
    }
}
