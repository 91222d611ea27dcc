namespace Clew.Storage.Blocks;

/// <summary>What was decided about keeping a trace, stored with each of its runs of rows.</summary>
/// <param name="Weight">How many traces it stands for: 1 unless it was sampled.</param>
/// <param name="Reason">The rule that kept it; empty while nothing was decided.</param>
internal sealed record KeepDecision(double Weight, string Reason)
{
    public static KeepDecision Undecided { get; } = new(1, "");
}
