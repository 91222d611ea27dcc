namespace Clew.Model;

/// <summary>Contiguous rows of a column: from <see cref="Start"/> up to, not including, <see cref="End"/>.</summary>
public readonly record struct RowRange(int Start, int End)
{
    public int Count => End - Start;
}
