using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>What the index knows of a row group: where it is, and what can be ruled out without reading it.</summary>
internal readonly record struct RowGroupInfo
{
    public required long Offset { get; init; }

    /// <summary>The directory and all chunks.</summary>
    public required int Bytes { get; init; }
    public required int DirectoryBytes { get; init; }
    public required int Rows { get; init; }

    /// <summary>The trace of the first row, and that of the last one.</summary>
    public required TraceId FirstTrace { get; init; }
    public required TraceId LastTrace { get; init; }
    public required UnixNanos StartMin { get; init; }
    public required UnixNanos StartMax { get; init; }
    public required ulong DurationMin { get; init; }
    public required ulong DurationMax { get; init; }

    /// <summary>Bit n is set when a span is of kind n.</summary>
    public required byte Kinds { get; init; }

    /// <summary>Bit n is set when a span has status n.</summary>
    public required byte Statuses { get; init; }

    /// <summary>Some attribute is an array, a map, or bytes: what it reads as is only known once it is formatted.</summary>
    public required bool HasComposites { get; init; }

    /// <summary>Strings that only this row group has; the filter over them.</summary>
    public required int LocalStrings { get; init; }

    public void Write(ByteWriter to)
    {
        foreach (var number in (ReadOnlySpan<ulong>)[(ulong)Offset, (ulong)Bytes, (ulong)DirectoryBytes, (ulong)Rows, FirstTrace.High, FirstTrace.Low,
            LastTrace.High, LastTrace.Low, StartMin.Value, StartMax.Value, DurationMin, DurationMax, (ulong)LocalStrings])
            to.WriteUInt64(number);
        to.WriteByte(Kinds);
        to.WriteByte(Statuses);
        to.WriteByte(HasComposites ? (byte)1 : (byte)0);
    }

    public static RowGroupInfo Read(ref ByteReader from, long footerOffset)
    {
        var group = new RowGroupInfo
        {
            Offset = TakeUpTo(ref from, footerOffset),
            Bytes = (int)TakeUpTo(ref from, int.MaxValue),
            DirectoryBytes = (int)TakeUpTo(ref from, int.MaxValue),
            Rows = (int)TakeUpTo(ref from, int.MaxValue),
            FirstTrace = new TraceId(from.TakeUInt64(), from.TakeUInt64()),
            LastTrace = new TraceId(from.TakeUInt64(), from.TakeUInt64()),
            StartMin = new UnixNanos(from.TakeUInt64()),
            StartMax = new UnixNanos(from.TakeUInt64()),
            DurationMin = from.TakeUInt64(),
            DurationMax = from.TakeUInt64(),
            LocalStrings = (int)TakeUpTo(ref from, int.MaxValue),
            Kinds = from.TakeByte(),
            Statuses = from.TakeByte(),
            HasComposites = from.TakeByte() != 0,
        };
        if (group.DirectoryBytes > group.Bytes || group.Offset + group.Bytes > footerOffset)
            from.Fail("a row group that lies before the footer", $"{group.Bytes} bytes at {group.Offset}");
        return group;
    }

    static long TakeUpTo(ref ByteReader from, long limit)
    {
        var number = from.TakeUInt64();
        if (number > (ulong)limit)
            from.Fail($"a number up to {limit}", $"{number}");
        return (long)number;
    }
}
