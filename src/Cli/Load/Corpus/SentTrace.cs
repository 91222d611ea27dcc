using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>A trace that was acknowledged whole.</summary>
/// <param name="UniqueKey">An attribute of its root…</param>
/// <param name="UniqueValue">…whose value no other trace has.</param>
/// <param name="StartNanos">Unix nanoseconds.</param>
internal sealed record SentTrace(
    TraceId Id, int SpanCount, string Service, string RootName, string UniqueKey, string UniqueValue, bool IsError, long StartNanos, long DurationNanos);
