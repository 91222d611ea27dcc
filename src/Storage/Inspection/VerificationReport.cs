namespace Clew.Storage.Inspection;

/// <summary>What a verification found.</summary>
/// <param name="CheckedBytes">Of all files together.</param>
/// <param name="GoodSpanCount">Spans that can be read, and are what and where the store says they are.</param>
/// <param name="Damage">By file, then offset; empty is good.</param>
/// <param name="Unchecked">What could not be read, because a bucket did not answer or is not configured: nobody knows whether it is good.</param>
/// <param name="Notes">What is worth knowing and no damage.</param>
public sealed record VerificationReport(
    int BlockCount, int SegmentCount, long CheckedBytes, long GoodSpanCount, IReadOnlyList<FoundDamage> Damage, IReadOnlyList<string> Unchecked, IReadOnlyList<string> Notes)
{
    /// <summary>All of it was read, and is good.</summary>
    public bool IsGood => Damage.Count == 0 && Unchecked.Count == 0;
}
