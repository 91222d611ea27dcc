using System.Globalization;
using Clew.Storage.Blocks;
using Clew.Storage.Inspection;

namespace Clew.Storage.Benchmarks;

/// <summary>What each column of the blocks in a data folder takes per span, and what it would at its entropy.</summary>
internal static class ColumnReport
{
    // By how the names of columns begin, the first that fits; what no line claims is the cost of finding things.
    static readonly (string Group, string[] Columns)[] Groups =
    [
        ("trace ids", ["trace ids", "trace run", "trace weight", "trace reason", "decision"]),
        ("span ids", ["span ids"]),
        ("parents", ["parent"]),
        ("starts", ["starts", "trace starts"]),
        ("durations", ["durations"]),
        ("operations", ["shapes", "own shapes", "scopes", "names", "kinds", "statuses", "status", "trace states", "flags", "dropped"]),
        ("events", ["event times", "event names", "event counts", "event dropped"]),
        ("links", ["link targets", "link trace", "link span ids", "link flags", "link dropped"]),
        ("span attributes", ["span "]),
        ("event attributes", ["event "]),
        ("link attributes", ["link "]),
        ("strings", ["string"]),
    ];

    /// <param name="args">The data folder, and how many spans at most the floor is computed from.</param>
    public static void Run(string[] args)
    {
        var spansMax = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
        using var snapshot = StoreSnapshot.Open(args[0]);
        var figures = StoreFigures.Of(snapshot);
        var floor = FloorOf(snapshot, spansMax);
        var spans = (double)figures.BlockSpanCount;
        var floors = floor.Groups.ToDictionary(group => group.Group, group => group.Bits / 8 / floor.SpanCount);
        var stored = figures.Columns.GroupBy(column => GroupOf(column.Name)).ToDictionary(group => group.Key, group => group.Sum(column => column.StoredBytes) / spans);
        Console.WriteLine($"{figures.BlockSpanCount:N0} spans in {figures.Blocks.Count} blocks; floor from {floor.SpanCount:N0} of them\n");
        Console.WriteLine("| bytes per span | stored | floor |\n|---|---:|---:|");
        foreach (var group in Groups.Select(group => group.Group).Where(group => stored.ContainsKey(group) || floors.ContainsKey(group)))
            Row(group, stored.GetValueOrDefault(group), floors.GetValueOrDefault(group));
        Row("finding things: dictionary, directories, index, filters", figures.BytesPerSpan - Groups.Sum(group => stored.GetValueOrDefault(group.Group)), 0);
        Row("**all**", figures.BytesPerSpan, floors.Values.Sum());
        Console.WriteLine("\n| column | stored bytes per span | before compression |\n|---|---:|---:|");
        foreach (var column in figures.Columns.OrderByDescending(column => column.StoredBytes).Where(column => column.StoredBytes / spans >= 0.01))
            Row(column.Name, column.StoredBytes / spans, column.RawBytes / spans);
        Console.WriteLine("\n| attribute | floor, bytes per span |\n|---|---:|");
        foreach (var (attribute, bits) in floor.Attributes.Where(attribute => attribute.Bits / 8 / floor.SpanCount >= 0.02))
            Console.WriteLine($"| {attribute} | {bits / 8 / floor.SpanCount:F2} |");
    }

    static EntropyFloor FloorOf(StoreSnapshot snapshot, long spansMax)
    {
        var floor = new EntropyFloor();
        foreach (var summary in snapshot.Blocks)
        {
            var block = summary.Read();
            var index = block.ReadIndex();
            using var reader = new RowGroupReader(block, BlockTables.Read(block, index));
            foreach (var group in index.Groups)
            {
                if (floor.SpanCount >= spansMax)
                    return floor;
                floor.Add(reader.ReadWhole(group));
            }
        }

        return floor;
    }

    static string GroupOf(string column) => Groups.FirstOrDefault(group => group.Columns.Any(start => column.StartsWith(start, StringComparison.Ordinal))).Group ?? "";

    static void Row(string name, double stored, double floor) => Console.WriteLine($"| {name} | {stored:F2} | {floor:F2} |");
}
