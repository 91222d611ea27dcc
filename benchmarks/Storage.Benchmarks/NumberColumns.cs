using BenchmarkDotNet.Attributes;
using Clew.Storage.Columns;

namespace Clew.Storage.Benchmarks;

/// <summary>One column of a row group: written, read, and asked for a quarter of its range. What a form saves is printed at the start.</summary>
[MemoryDiagnoser]
public class NumberColumns
{
    const int Rows = 4_096;

    readonly IntegerColumnWriter _writer = new();
    readonly ByteWriter _target = new(1 << 16);
    readonly ulong[] _read = new ulong[Rows];
    readonly uint[] _codes = new uint[Rows];
    readonly ulong[] _rows = new ulong[RowBits.WordsOf(Rows)];
    ulong[] _values = [];
    byte[] _column = [];

    [Params("constant", "runs", "codes", "dictionary", "durations", "outliers", "wide", "starts", "random")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _values = ColumnSamples.Of(Kind, Rows);
        Write();
        _column = _target.Written.ToArray();
        Console.WriteLine($"// {Kind}: form {_column[0]:x2}, {_column.Length * 8.0 / Rows:F2} bits per row");
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Write()
    {
        _target.Clear();
        _writer.Write(_target, _values);
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Read() => Open().Decode(0, _read.AsSpan());

    [Benchmark(OperationsPerInvoke = Rows)]
    public void ReadNarrow()
    {
        var column = Open();
        if (column.Largest <= uint.MaxValue)
            column.Decode(0, _codes.AsSpan());
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public int Keep()
    {
        RowBits.SetAll(_rows, Rows);
        var column = Open();
        var quarter = (column.Largest - column.Smallest) / 4;
        column.Keep(column.Smallest + quarter, column.Smallest + (quarter * 2), _rows);
        return RowBits.Count(_rows);
    }

    [Benchmark]
    public ulong OneRow() => Open()[Rows / 2];

    IntegerColumn Open()
    {
        var reader = new ByteReader(_column, "a column", 0);
        return IntegerColumn.Open(ref reader, Rows);
    }
}
