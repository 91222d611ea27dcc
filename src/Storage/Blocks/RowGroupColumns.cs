using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Puts columns of one row group after the other, as spans, events and links all have them: codes, counts, and numbers by class.</summary>
internal sealed class RowGroupColumns(ChunkWriter chunks) : IDisposable
{
    readonly IntegerColumnWriter _numbers = new();
    readonly Column<ulong> _values = new();
    readonly Column<ulong> _dealt = new();
    readonly ByteWriter _bytes = new();

    /// <summary>How the row group numbers its own strings: as they are put.</summary>
    public OwnStrings Own { get; private set; } = new(0, 0);

    /// <summary>Begins with a row group.</summary>
    public void Begin(OwnStrings own) => Own = own;

    /// <summary>Puts codes of strings.</summary>
    /// <param name="codes">As they were gathered.</param>
    public void PutTexts(ColumnId id, ReadOnlySpan<int> codes)
    {
        var values = Values(codes.Length);
        for (var row = 0; row < values.Length; row++)
            values[row] = (ulong)Own.CodeOf(codes[row]);
        chunks.Put(id, values);
    }

    public void PutCodes(ColumnId id, ReadOnlySpan<int> codes)
    {
        var values = Values(codes.Length);
        for (var row = 0; row < values.Length; row++)
            values[row] = (ulong)codes[row];
        chunks.Put(id, values);
    }

    public void PutCounts(ColumnId id, ReadOnlySpan<uint> counts)
    {
        var values = Values(counts.Length);
        for (var row = 0; row < values.Length; row++)
            values[row] = counts[row];
        chunks.Put(id, values);
    }

    /// <summary>Room for numbers, until the next column is put or the next room asked for.</summary>
    public Span<ulong> Values(int count)
    {
        _values.Clear();
        return _values.Append(count);
    }

    /// <summary>Puts one column per class, see <see cref="ByNameColumn"/>.</summary>
    /// <param name="classes">Per value its class.</param>
    /// <param name="counts">Per class, how many values it has.</param>
    public void PutByClass(ColumnId id, ReadOnlySpan<ulong> values, ReadOnlySpan<int> classes, ReadOnlySpan<int> counts)
    {
        if (!values.ContainsAnyExcept(0UL))
            return;
        _dealt.Clear();
        var dealt = _dealt.Append(values.Length);
        ByNameColumn.Deal(values, classes, counts, dealt);
        _bytes.Clear();
        var start = 0;
        foreach (var count in counts)
        {
            if (count > 0)
                _numbers.Write(_bytes, dealt.Slice(start, count));
            start += count;
        }

        chunks.PutColumns(id, _bytes.Written);
    }

    public void Dispose() => _bytes.Dispose();
}
