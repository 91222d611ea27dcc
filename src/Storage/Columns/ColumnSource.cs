using System.Diagnostics.CodeAnalysis;

namespace Clew.Storage.Columns;

/// <summary>Where the columns of a stored batch come from when it is decoded. What it gives is as long as asked for; what it says is unchecked.</summary>
internal abstract class ColumnSource
{
    ulong[] _scratch = [];

    public Span<ulong> Scratch(int count)
    {
        if (_scratch.Length < count)
            _scratch = new ulong[Math.Max(count, _scratch.Length * 2)];
        return _scratch.AsSpan(0, count);
    }

    /// <summary>Fills <paramref name="values"/> with the next column.</summary>
    public abstract void Take(ColumnId id, Span<ulong> values);

    public abstract void TakeBytes(ColumnId id, Span<byte> bytes);

    /// <summary>Reports that a column holds what no writer writes.</summary>
    [DoesNotReturn]
    public abstract void Fail(ColumnId id, string expected, string found);
}
