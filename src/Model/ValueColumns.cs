using System.Runtime.CompilerServices;

namespace Clew.Model;

/// <summary>Many <see cref="AnyValue"/>s as two columns.</summary>
public sealed class ValueColumns(bool isPooled = false)
{
    public Column<ValueKind> Kinds { get; } = new(isPooled);

    public Column<long> Bits { get; } = new(isPooled);

    public int Count => Kinds.Count;

    public AnyValue this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Kinds[row], Bits[row]);
    }

    public void Add(AnyValue value)
    {
        Kinds.Add(value.Kind);
        Bits.Add(value.Bits);
    }

    public void Set(int row, AnyValue value)
    {
        Kinds.Writable[row] = value.Kind;
        Bits.Writable[row] = value.Bits;
    }

    public void Truncate(int count)
    {
        Kinds.Truncate(count);
        Bits.Truncate(count);
    }

    public void Clear() => Truncate(0);

    internal void Trim()
    {
        Kinds.Trim();
        Bits.Trim();
    }

    internal void Release()
    {
        Kinds.Release();
        Bits.Release();
    }
}
