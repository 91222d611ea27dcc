using System.Globalization;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>The text that an attribute is asked to read as (<see cref="ValueText"/>).</summary>
internal sealed class AskedText : AskedValue
{
    readonly string _text;
    readonly long? _integer;
    readonly double? _number;

    public AskedText(string text, StringTable shared)
    {
        _text = text;
        String = new AskedString(text, shared);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) && integer.ToString(CultureInfo.InvariantCulture) == text)
            _integer = integer;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            _number = number;
    }

    public override AskedString String { get; }

    // No number, truth value or absence of a value reads as it; containers and bytes may, with other strings than it.
    public override bool IsOnlyString => _text.Length > 0 && _text is not ("true" or "false") && _integer is null && _number is null;

    public override bool CanBe(ValueKind kind) => kind switch
    {
        ValueKind.Empty => _text.Length == 0,
        ValueKind.Bool => _text is "true" or "false",
        ValueKind.Int => _integer is not null,
        ValueKind.Double => _number is not null,
        _ => true,
    };

    public override bool TakesString(ValueKind kind) => kind == ValueKind.String;

    public override bool TakesMatcher(ValueKind kind) => kind is ValueKind.Array or ValueKind.Map or ValueKind.Bytes;

    public override void Keep(RowGroupReader reader, in RowGroupDirectory.AttributeChunk chunk, int ownCode, Span<ulong> values)
    {
        var columns = reader.Columns(chunk);
        if (chunk.Key.Kind == ValueKind.Double)
        {
            KeepNumbers(DoubleColumn.Open(ref columns, chunk.Rows), values);
            return;
        }

        var column = IntegerColumn.Open(ref columns, chunk.Rows);
        switch (chunk.Key.Kind)
        {
            case ValueKind.String:
                KeepEqual(column, String.IsNotShared ? ownCode : String.Shared, values);
                break;
            case ValueKind.Bool:
                KeepEqual(column, _text == "true" ? 1 : 0, values);
                break;
            case ValueKind.Int when _integer is { } integer:
                KeepIntegers(column, chunk.IsSigned, integer, integer, values);
                break;
            default:
                values.Clear();
                break;
        }
    }

    void KeepNumbers(in DoubleColumn column, Span<ulong> values)
    {
        if (_number is not { } asked)
        {
            values.Clear();
        }
        else if (!double.IsNaN(asked))
        {
            column.Keep(asked, asked, values);
        }
        else
        {
            // The only number that no range holds.
            for (var row = 0; row < column.Count; row++)
            {
                if (!double.IsNaN(column[row]))
                    values[row >> 6] &= ~(1UL << (row & 63));
            }
        }
    }
}
