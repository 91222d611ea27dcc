namespace Clew.Storage.Inspection;

/// <summary>What a verification found.</summary>
/// <param name="CheckedBytes">Of all files together.</param>
/// <param name="GoodSpanCount">Spans that can be read, and are what and where the store says they are.</param>
/// <param name="Damage">By file, then offset; empty is good.</param>
/// <param name="Notes">What is worth knowing and no damage.</param>
public sealed record VerificationReport(
    int BlockCount, int SegmentCount, long CheckedBytes, long GoodSpanCount, IReadOnlyList<FoundDamage> Damage, IReadOnlyList<string> Notes);
