using System.Diagnostics;
using System.Globalization;
using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;
using Clew.Storage.Reading;

namespace Clew.Storage.Benchmarks;

/// <summary>What searches through all blocks of a data folder cost, one after the other, with a block cache of one size after the other. In time of the processor, which a busy machine hardly changes.</summary>
internal static class SearchCost
{
    const int Rounds = 10;

    static readonly long[] CacheBytes = [256L << 20, 64L << 20, 16L << 20, 8L << 20, 4L << 20, 2L << 20, 1L << 20];

    public static async Task RunAsync(string path)
    {
        var folder = DiskFolder.OpenOrCreate(path);
        var manifest = Manifest.Load(folder);
        Console.WriteLine($"{manifest.Blocks.Sum(block => block.SpanCount):N0} spans in {manifest.Blocks.Length} blocks; ms of CPU, kB allocated\n");
        Console.WriteLine("| cache, MiB | held, kB | absent value | | rare value | | errors | | a minute or longer | |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var bytes in CacheBytes)
        {
            var damage = new DamageLog(problem => throw new InvalidOperationException(problem.Message));
            var cache = new BlockCache(bytes);
            var files = new BlockFiles(folder, cache, damage, _ => { });
            var contents = new StoreContents(new OperationCatalog());
            foreach (var summary in manifest.Blocks)
                contents.Open(files.Open(summary));
            var turns = new ReadTurns(1, TaskScheduler.Default);
            var reader = new StoreReader(contents, damage, turns, turns);
            var rare = RareValueOf(contents.View.Blocks[0]);
            SpanSelection[] selections =
            [
                new(TimeRange.All, [rare with { Text = "no such text" }]),
                new(TimeRange.All, [rare]),
                new(TimeRange.All, [new SpanCondition.StatusIs(StatusCode.Error)]),
                new(TimeRange.All, [new SpanCondition.DurationBetween(60_000_000_000, ulong.MaxValue)]),
            ];
            var figures = new List<string>();
            foreach (var selection in selections)
            {
                for (var round = 0; round < 3; round++)
                    await reader.FindTracesAsync(selection, 20, ReadMeter.Unlimited(), default);
                var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
                for (var round = 0; round < Rounds; round++)
                    await reader.FindTracesAsync(selection, 20, ReadMeter.Unlimited(), default);
                figures.Add($"{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Rounds:F2} | {(GC.GetTotalAllocatedBytes() - allocated) / Rounds / 1_000}");
            }

            Console.WriteLine($"| {(bytes >> 20).ToString(CultureInfo.InvariantCulture)} | {cache.Bytes / 1_000} | {string.Join(" | ", figures)} |");
        }
    }

    static SpanCondition.AttributeIs RareValueOf(Block block)
    {
        using var reader = block.NewReader();
        foreach (var group in block.Index.Groups)
        {
            var batch = reader.ReadWhole(group);
            var attributes = batch.Spans.Attributes;
            for (var row = 0; row < attributes.Keys.Count; row++)
            {
                var value = attributes.Values[row];
                if (value.Kind == ValueKind.String && !reader.Tables.Dictionary.Strings.TryFind(batch.Strings[value.Code], out _))
                    return new SpanCondition.AttributeIs(batch.Strings.GetString(attributes.Keys[row]), batch.Strings.GetString(value.Code), AttributeOwners.Span);
            }
        }

        throw new InvalidOperationException("All values are shared.");
    }
}
