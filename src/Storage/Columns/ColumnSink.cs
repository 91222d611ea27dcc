namespace Clew.Storage.Columns;

/// <summary>Where the columns of a batch go when it is encoded: into one record, or into the chunks of a row group.</summary>
internal abstract class ColumnSink
{
    ulong[] _scratch = [];

    /// <summary>Room for the caller to lay out a column before it puts it; the next call takes it back.</summary>
    public Span<ulong> Scratch(int count)
    {
        if (_scratch.Length < count)
            _scratch = new ulong[Math.Max(count, _scratch.Length * 2)];
        return _scratch.AsSpan(0, count);
    }

    /// <summary>Adds a column of numbers. Empty ones are not written.</summary>
    public abstract void Put(ColumnId id, ReadOnlySpan<ulong> values);

    /// <summary>Adds a column of numbers, each of which takes at least a byte where the format relies on that.</summary>
    public virtual void PutAnchor(ColumnId id, ReadOnlySpan<ulong> values) => Put(id, values);

    /// <summary>Adds bytes that are random or text: ids, string contents.</summary>
    public abstract void PutBytes(ColumnId id, ReadOnlySpan<byte> bytes);
}
