namespace Clew.Cli.Load;

/// <summary>How one kind of question was answered.</summary>
/// <param name="TracesPerAnswer">On average.</param>
/// <param name="KilobytesPerAnswer">On average.</param>
/// <param name="FailedCount">Questions without an answer.</param>
/// <param name="NotFoundCount">Answers that lack a trace which must be in them.</param>
/// <param name="Problem">What the last failure was; empty when there was none.</param>
internal sealed record SearchKindResult(
    string Kind, LatencySummary Latency, double TracesPerAnswer, double KilobytesPerAnswer, int FailedCount, int NotFoundCount, string Problem);
