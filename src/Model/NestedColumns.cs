namespace Clew.Model;

/// <summary>The elements of arrays and the entries of maps. A container's rows are contiguous; a nested container's rows always come after its own.</summary>
public sealed class NestedColumns(bool isPooled = false)
{
    /// <summary>Codes of map keys; 0 for the elements of an array.</summary>
    public Column<int> Keys { get; } = new(isPooled);

    public ValueColumns Values { get; } = new(isPooled);

    public int Count => Keys.Count;

    /// <summary>Reserves the rows of one container, to be filled with <see cref="Set"/>.</summary>
    public int Append(int count)
    {
        var first = Count;
        Keys.Append(count).Clear();
        Values.Kinds.Append(count).Clear();
        Values.Bits.Append(count).Clear();
        return first;
    }

    public void Set(int row, int key, AnyValue value)
    {
        Keys.Writable[row] = key;
        Values.Set(row, value);
    }

    public void Truncate(int count)
    {
        Keys.Truncate(count);
        Values.Truncate(count);
    }

    public void Clear() => Truncate(0);

    internal void Trim()
    {
        Keys.Trim();
        Values.Trim();
    }

    internal void Release()
    {
        Keys.Release();
        Values.Release();
    }
}
