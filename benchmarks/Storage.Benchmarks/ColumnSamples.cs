using Clew.Storage.Columns;

namespace Clew.Storage.Benchmarks;

/// <summary>Columns as blocks have them, one for each form that numbers can take.</summary>
public static class ColumnSamples
{
    public static ulong[] Of(string kind, int rows)
    {
        var random = new Random(20260801);
        var values = new ulong[rows];
        for (var row = 0; row < rows; row++)
        {
            values[row] = kind switch
            {
                "constant" => 0x101,
                "runs" => row % 25 == 0 || row == 0 ? (ulong)random.Next(40) : values[row - 1],
                "codes" => (ulong)random.Next(200),
                "dictionary" => StableHash.Of(new Model.TraceId(0, (ulong)random.Next(12))),
                "durations" => (ulong)random.Next(1 << 26),
                "outliers" => (ulong)random.Next(1 << 14) << (row % 50 == 7 ? 16 : 0),
                "wide" => (ulong)random.NextInt64(1L << 40),
                "starts" => 1_785_000_000_000_000_000 + ((ulong)row * 1_000_003) + (ulong)random.Next(1 << 17),
                _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
            };
        }

        return values;
    }
}
