using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>What the footer says of a row group: where it is, and the bounds that let a search pass it by.</summary>
/// <remarks><code>
/// | offset u64 | bytes u64 | directory bytes u64 | rows u64 | first trace id 2 × u64 | last trace id 2 × u64 |
/// | earliest start u64 | latest start u64 | shortest duration u64 | longest duration u64 | own strings u64 | has arrays, maps or bytes u8 |
/// </code></remarks>
internal readonly record struct RowGroupInfo
{
    public const int StoredBytes = 13 * sizeof(ulong) + 1;

    /// <summary>Its place among the row groups of the block.</summary>
    public required int Number { get; init; }

    public required long Offset { get; init; }

    /// <summary>All chunks.</summary>
    public required int Bytes { get; init; }

    /// <summary>Where its directory starts in the file, and how long it is.</summary>
    public required long DirectoryOffset { get; init; }
    public required int DirectoryBytes { get; init; }
    public required int Rows { get; init; }

    /// <summary>The trace of the first row, and that of the last one.</summary>
    public required TraceId FirstTrace { get; init; }
    public required TraceId LastTrace { get; init; }
    public required UnixNanos StartMin { get; init; }
    public required UnixNanos StartMax { get; init; }
    public required ulong DurationMin { get; init; }
    public required ulong DurationMax { get; init; }

    /// <summary>Strings of its own: as many lead here from the value index.</summary>
    public required int OwnStrings { get; init; }

    /// <summary>Some attribute is an array, a map, or bytes: what it reads as is only known once it is formatted.</summary>
    public required bool HasComposites { get; init; }

    public void Write(ByteWriter to)
    {
        foreach (var number in (ReadOnlySpan<ulong>)[(ulong)Offset, (ulong)Bytes, (ulong)DirectoryBytes, (ulong)Rows, FirstTrace.High, FirstTrace.Low,
            LastTrace.High, LastTrace.Low, StartMin.Value, StartMax.Value, DurationMin, DurationMax, (ulong)OwnStrings])
            to.WriteUInt64(number);
        to.WriteByte(HasComposites ? (byte)1 : (byte)0);
    }

    /// <param name="directoryOffset">Directories lie one behind the other.</param>
    public static RowGroupInfo Read(ref ByteReader from, int number, long directoryOffset, long footerOffset)
    {
        var group = new RowGroupInfo
        {
            Number = number,
            Offset = from.TakeUInt64(footerOffset),
            Bytes = (int)from.TakeUInt64(Array.MaxLength),
            DirectoryOffset = directoryOffset,
            DirectoryBytes = (int)from.TakeUInt64(Array.MaxLength),
            Rows = (int)from.TakeUInt64(int.MaxValue),
            FirstTrace = new TraceId(from.TakeUInt64(), from.TakeUInt64()),
            LastTrace = new TraceId(from.TakeUInt64(), from.TakeUInt64()),
            StartMin = new UnixNanos(from.TakeUInt64()),
            StartMax = new UnixNanos(from.TakeUInt64()),
            DurationMin = from.TakeUInt64(),
            DurationMax = from.TakeUInt64(),
            OwnStrings = (int)from.TakeUInt64(int.MaxValue),
            HasComposites = from.TakeByte() != 0,
        };
        if (group.Offset + group.Bytes > footerOffset || directoryOffset + group.DirectoryBytes > footerOffset || group.DirectoryBytes < BlockFile.CrcBytes)
            from.Fail("a row group that lies before the footer", $"{group.Bytes} bytes at {group.Offset}, and a directory of {group.DirectoryBytes} at {directoryOffset}");
        // Ids of spans are never compressed.
        if (group.Rows == 0 || group.Rows > group.Bytes / SpanId.Bytes)
            from.Fail($"rows that {group.Bytes} bytes can hold", $"{group.Rows}");
        return group;
    }
}
