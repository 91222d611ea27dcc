namespace Clew.Storage.Blocks;

/// <summary>Numbers the strings that only one row group has, in the order in which its columns use them.</summary>
/// <param name="sharedCount">Codes below this are the block's.</param>
/// <param name="gatheredCount">How many strings of its own were gathered; all of them are used.</param>
internal sealed class OwnStrings(int sharedCount, int gatheredCount)
{
    readonly int[] _numbers = new int[gatheredCount];
    readonly List<int> _order = new(gatheredCount);

    public int Count => _order.Count;

    /// <summary>Per final number, the one that the string was gathered with.</summary>
    public IReadOnlyList<int> Order => _order;

    /// <summary>The final code of a gathered one.</summary>
    public int CodeOf(int gathered)
    {
        if (gathered < sharedCount)
            return gathered;
        ref var number = ref _numbers[gathered - sharedCount];
        if (number == 0)
        {
            _order.Add(gathered - sharedCount);
            number = _order.Count;
        }

        return sharedCount + number - 1;
    }
}
