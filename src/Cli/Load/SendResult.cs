namespace Clew.Cli.Load;

/// <param name="RejectedSpanCount">Of an acknowledged request, spans that the receiver did not take.</param>
/// <param name="RetryAfter">When the receiver said so.</param>
/// <param name="Reason">Why it was not acknowledged in full; empty when it was.</param>
internal readonly record struct SendResult(SendOutcome Outcome, long RejectedSpanCount, TimeSpan? RetryAfter, string Reason)
{
    public static SendResult Acknowledged(long rejectedSpanCount, string message) =>
        new(SendOutcome.Acknowledged, rejectedSpanCount, null, rejectedSpanCount == 0 ? "" : message.Length > 0 ? message : "spans rejected");
}
