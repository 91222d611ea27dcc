namespace Clew.Storage.Blocks;

/// <summary>The row groups of a block that may have a string of their own: all that do, and hardly ever another.</summary>
internal abstract class ValuePlaces
{
    /// <summary>Nothing is known.</summary>
    public static ValuePlaces Anywhere { get; } = new OfAny();

    /// <param name="groups">Ascending.</param>
    public static ValuePlaces In(int[] groups) => new OfGroups(groups);

    /// <summary>No row group has it, as far as is known without going through them.</summary>
    public virtual bool IsNowhere => false;

    public bool MayBeIn(RowGroupInfo group) => group.OwnStrings > 0 && Has(group.Number);

    protected abstract bool Has(int group);

    sealed class OfAny : ValuePlaces
    {
        protected override bool Has(int group) => true;
    }

    sealed class OfGroups(int[] groups) : ValuePlaces
    {
        public override bool IsNowhere => groups.Length == 0;

        protected override bool Has(int group) => Array.BinarySearch(groups, group) >= 0;
    }
}
