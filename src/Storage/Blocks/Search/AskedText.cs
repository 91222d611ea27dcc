using System.Globalization;
using System.Text;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>The text that an attribute is asked to read as, prepared for every kind of value: the mirror of <see cref="SpanMatcher"/> for columns.</summary>
internal sealed class AskedText
{
    readonly string _text;
    readonly byte[] _utf8;
    readonly long? _integer;
    readonly double? _number;
    readonly int _shared;

    public AskedText(string text, StringTable shared)
    {
        _text = text;
        _utf8 = Encoding.UTF8.GetBytes(text);
        Hash = StableHash.Of(_utf8);
        _shared = shared.TryFind(_utf8, out var code) ? code : -1;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) && integer.ToString(CultureInfo.InvariantCulture) == text)
            _integer = integer;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            _number = number;
    }

    /// <summary>For the value filters.</summary>
    public ulong Hash { get; }

    /// <summary>Only a row group's own strings can be it.</summary>
    public bool IsNoSharedString => _shared < 0;

    /// <summary>No number, truth value or absence of a value reads as it.</summary>
    public bool IsOnlyString => _text.Length > 0 && _text is not ("true" or "false") && _integer is null && _number is null;

    /// <summary>Whether a value of this kind can read as the text, strings aside, of which only the row group knows.</summary>
    public bool CanBe(ValueKind kind) => kind switch
    {
        ValueKind.Empty => _text.Length == 0,
        ValueKind.Bool => _text is "true" or "false",
        ValueKind.Int => _integer is not null,
        ValueKind.Double => _number is not null,
        _ => true,
    };

    /// <summary>Whether values of this kind have to be formatted to be compared.</summary>
    public static bool TakesFormatting(ValueKind kind) => kind is ValueKind.Array or ValueKind.Map or ValueKind.Bytes;

    /// <summary>Removes the values that do not read as the text.</summary>
    /// <param name="ownCode">The code that the row group has for the text as a string of its own; -1 when it has none.</param>
    public void Keep(in RowGroupDirectory.AttributeChunk chunk, ByteReader columns, int ownCode, Span<ulong> values)
    {
        if (chunk.Key.Kind == ValueKind.Double)
        {
            KeepNumbers(DoubleColumn.Open(ref columns, chunk.Rows), values);
            return;
        }

        var column = IntegerColumn.Open(ref columns, chunk.Rows);
        switch (chunk.Key.Kind)
        {
            case ValueKind.String:
                KeepEqual(column, _shared >= 0 ? _shared : ownCode, values);
                break;
            case ValueKind.Bool:
                KeepEqual(column, _text == "true" ? 1 : 0, values);
                break;
            case ValueKind.Int when _integer is { } integer && (integer >= 0 || chunk.IsSigned):
                var number = chunk.IsSigned ? (ulong)integer ^ (1UL << 63) : (ulong)integer;
                column.Keep(number, number, values);
                break;
            default:
                values.Clear();
                break;
        }
    }

    /// <summary>The code of the text among the row group's own strings; -1 when it is not there.</summary>
    public int FindOwn(RowGroupReader reader)
    {
        // Mostly the filter was wrong, and the bytes alone tell.
        if (!reader.OwnBytesContain(_utf8))
            return -1;
        var (ends, bytes) = reader.OwnStrings;
        var start = 0;
        for (var at = 0; at < ends.Length; start = ends[at++])
        {
            if (ends[at] - start == _utf8.Length && bytes.AsSpan(start, _utf8.Length).SequenceEqual(_utf8))
                return reader.Tables.Dictionary.Strings.Count + at;
        }

        return -1;
    }

    static void KeepEqual(in IntegerColumn column, long code, Span<ulong> values)
    {
        if (code < 0)
            values.Clear();
        else
            column.Keep((ulong)code, (ulong)code, values);
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
