using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>A <see cref="ValueTest"/> that an attribute is asked to satisfy: values by their kind, as they are stored. Arrays are left to the matcher.</summary>
internal sealed class AskedTest : AskedValue
{
    readonly ValueTest _test;
    readonly TextAnswers? _answers;
    readonly long _lowest = 1, _highest;

    public AskedTest(ValueTest test, StringTable shared)
    {
        _test = test;
        switch (test)
        {
            case ValueTest.Text { Test: TextTest.Is text }:
                String = new AskedString(text.Text, shared);
                break;
            case ValueTest.Text text:
                _answers = new TextAnswers(text.Test, shared);
                break;
            case ValueTest.Number number:
                (_lowest, _highest) = IntegersIn(number);
                break;
            default:
                break;
        }
    }

    public override AskedString? String { get; }

    public override bool IsOnlyString => String is not null;

    public override bool CanBe(ValueKind kind) => kind == ValueKind.Array || _test switch
    {
        ValueTest.Text => kind == ValueKind.String,
        ValueTest.Bool => kind == ValueKind.Bool,
        ValueTest.Number => kind is ValueKind.Int or ValueKind.Double,
        _ => kind is ValueKind.String or ValueKind.Bool or ValueKind.Int or ValueKind.Double,
    };

    // An array that has the string within it has it from the dictionary or the row group's own, like any value.
    public override bool TakesString(ValueKind kind) => String is not null;

    public override bool TakesMatcher(ValueKind kind) => kind == ValueKind.Array;

    public override void Keep(RowGroupReader reader, in RowGroupDirectory.AttributeChunk chunk, int ownCode, Span<ulong> values)
    {
        if (_test is ValueTest.Exists)
            return;
        var columns = reader.Columns(chunk);
        if (_test is ValueTest.Number { From: var from, To: var to } && chunk.Key.Kind == ValueKind.Double)
        {
            DoubleColumn.Open(ref columns, chunk.Rows).Keep(from, to, values);
            return;
        }

        var column = IntegerColumn.Open(ref columns, chunk.Rows);
        switch (_test)
        {
            case ValueTest.Text when String is { } text:
                KeepEqual(column, text.IsNotShared ? ownCode : text.Shared, values);
                break;
            case ValueTest.Text:
                if (column.Count > 0 && column.Largest >= (ulong)reader.StringCount)
                    reader.Fail(chunk, $"codes below {reader.StringCount}", $"{column.Largest}");
                column.KeepWhere(_answers!.Of(reader), values);
                break;
            case ValueTest.Bool asked:
                KeepEqual(column, asked.Value ? 1 : 0, values);
                break;
            default:
                KeepIntegers(column, chunk.IsSigned, _lowest, _highest, values);
                break;
        }
    }

    // Rounding to doubles keeps the order, so that those within the range are one behind the other.
    static (long Lowest, long Highest) IntegersIn(ValueTest.Number number)
    {
        if (!((double)long.MaxValue >= number.From && (double)long.MinValue <= number.To))
            return (1, 0);
        return (First(integer => (double)integer >= number.From), ~First(integer => (double)~integer <= number.To));
    }

    /// <summary>The lowest integer that satisfies what all above it do too, and <see cref="long.MaxValue"/> does.</summary>
    static long First(Predicate<long> isSatisfied)
    {
        var (low, high) = (long.MinValue, long.MaxValue);
        while (low < high)
        {
            var middle = low + (long)((ulong)(high - low) >> 1);
            if (isSatisfied(middle))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
