namespace Clew.Cli.Load;

/// <summary>Why requests were not acknowledged in full, and how often.</summary>
internal sealed record FailureReason(string Reason, long Count);
