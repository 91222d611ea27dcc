namespace Clew.Model;

/// <summary>What was decided about a whole trace, stored with it.</summary>
/// <param name="Weight">How many traces like this one it stands for, so that counts and rates stay right: 1 / the share of them that is kept. 0 when it is dropped.</param>
/// <param name="Reason">The rule that decided, for people; empty while nothing is decided.</param>
public sealed record KeepDecision(double Weight, string Reason)
{
    /// <summary>Kept for now, because nothing was decided: the trace counts as itself.</summary>
    public static KeepDecision Undecided { get; } = new(1, "");

    public bool IsKept => Weight > 0;

    public bool IsDecided => Reason.Length > 0;

    public static KeepDecision Drop(string reason) => new(0, reason);
}
