namespace Clew.Model;

/// <summary>What a store did with a batch.</summary>
/// <param name="RetryAfter">When the sender should try again; zero when it was stored, or never will be.</param>
/// <param name="Reason">Empty when it was stored, else what is short, and of what, in words for the sender.</param>
public readonly record struct AppendResult(AppendOutcome Outcome, TimeSpan RetryAfter, string Reason)
{
    public static AppendResult Stored => new(AppendOutcome.Stored, TimeSpan.Zero, "");
}
