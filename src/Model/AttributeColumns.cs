using System.Runtime.CompilerServices;

namespace Clew.Model;

/// <summary>The attributes of many owners (spans, events, …): the rows of an owner are contiguous and in order of arrival.</summary>
/// <remarks>
/// Compressed sparse rows: <see cref="Ends"/> has one row per finished owner. Equal keys on one owner are kept as they came; where one value
/// is asked for, the first counts.
/// </remarks>
public sealed class AttributeColumns(bool isPooled = false)
{
    /// <summary>Per owner, the attribute row after its last one.</summary>
    public Column<int> Ends { get; } = new(isPooled);

    /// <summary>Per attribute, the code of its key.</summary>
    public Column<int> Keys { get; } = new(isPooled);

    public ValueColumns Values { get; } = new(isPooled);

    public int Count => Keys.Count;

    public RowRange this[int owner]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(owner == 0 ? 0 : Ends[owner - 1], Ends[owner]);
    }

    public void Add(int key, AnyValue value)
    {
        Keys.Add(key);
        Values.Add(value);
    }

    /// <summary>Closes the current owner: what was added since the last call is its own.</summary>
    public void EndOwner() => Ends.Add(Keys.Count);

    /// <summary>Closes as many owners, all but the first without attributes.</summary>
    public void EndOwners(int count) => ColumnEnds.Add(Ends, Keys.Count, count);

    /// <summary>The first value under <paramref name="key"/>, if the owner has one.</summary>
    public bool TryFind(int owner, int key, out AnyValue value)
    {
        var range = this[owner];
        var at = Keys.Values[range.Start..range.End].IndexOf(key);
        value = at < 0 ? default : Values[range.Start + at];
        return at >= 0;
    }

    /// <summary>Forgets the owners from <paramref name="ownerCount"/> on, and any attributes not yet closed.</summary>
    public void TruncateOwners(int ownerCount)
    {
        Ends.Truncate(ownerCount);
        var rows = ownerCount == 0 ? 0 : Ends[ownerCount - 1];
        Keys.Truncate(rows);
        Values.Truncate(rows);
    }

    public void Clear() => TruncateOwners(0);

    internal void Trim()
    {
        Ends.Trim();
        Keys.Trim();
        Values.Trim();
    }

    internal void Release()
    {
        Ends.Release();
        Keys.Release();
        Values.Release();
    }
}
