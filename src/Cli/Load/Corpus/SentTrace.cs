using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>A trace that was acknowledged whole.</summary>
/// <param name="UniqueKey">An attribute of its root…</param>
/// <param name="UniqueValue">…whose value no other trace has.</param>
/// <param name="StartNanos">Unix nanoseconds.</param>
internal sealed record SentTrace(
    TraceId Id, int SpanCount, string Service, string RootName, string UniqueKey, string UniqueValue, bool IsError, long StartNanos, long DurationNanos)
{
    /// <summary>A request of it had no answer, was sent again, and may have been taken both times.</summary>
    public bool MayBeTwice { get; init; }

    /// <summary>Whether a receiver that shows so many spans of it has kept what it acknowledged, and made up nothing.</summary>
    public bool IsWhole(int foundSpanCount) => foundSpanCount == SpanCount || (MayBeTwice && foundSpanCount > SpanCount);
}
