using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>The runs of traces in a row group: which rows are whose.</summary>
internal sealed class TraceRunColumns
{
    readonly int[] _firstRows;

    TraceRunColumns(TraceId[] ids, UnixNanos[] starts, int[] firstRows)
    {
        Ids = ids;
        Starts = starts;
        _firstRows = firstRows;
    }

    public int Count => Ids.Length;

    public TraceId[] Ids { get; }

    /// <summary>The start of each run's first row, its earliest.</summary>
    public UnixNanos[] Starts { get; }

    /// <summary>The row that a run begins with; for the run after the last one, how many rows there are.</summary>
    public int FirstRow(int run) => _firstRows[run];

    /// <summary>The run that a row belongs to.</summary>
    public int RunOf(int row) => Array.BinarySearch(_firstRows, row) is var found && found < 0 ? ~found - 1 : found;

    public static TraceRunColumns Read(RowGroupReader reader)
    {
        var (rows, count) = (reader.Directory.Rows, reader.Directory.Runs);
        var numbers = new ulong[count];
        var firstRows = new int[count + 1];
        reader.Take(ColumnId.TraceRunLengths, count, 0, numbers);
        for (var run = 0; run < count; run++)
        {
            if (numbers[run] == 0 || numbers[run] > (ulong)(rows - firstRows[run]))
                reader.Fail(ColumnId.TraceRunLengths, $"runs of {rows} rows together", $"one of {numbers[run]} at row {firstRows[run]}");
            firstRows[run + 1] = firstRows[run] + (int)numbers[run];
        }

        if (firstRows[count] != rows)
            reader.Fail(ColumnId.TraceRunLengths, $"runs of {rows} rows together", $"{firstRows[count]}");
        var ids = MemoryMarshal.Cast<byte, TraceId>(reader.Bytes(ColumnId.TraceIds, checked(count * TraceId.Bytes))).ToArray();
        reader.Take(ColumnId.TraceStarts, count, 0, numbers);
        return new TraceRunColumns(ids, Array.ConvertAll(numbers, start => new UnixNanos(start)), firstRows);
    }
}
