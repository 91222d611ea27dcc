namespace Clew.Storage.Columns;

/// <summary>A number is one of <paramref name="low"/> to <paramref name="high"/>.</summary>
internal readonly struct WithinRange(ulong low, ulong high) : INumberTest
{
    public bool Passes(ulong number) => number - low <= high - low;
}
