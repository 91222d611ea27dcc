namespace Clew.Analysis;

/// <summary>Counts the calls of one trace.</summary>
/// <param name="trace">Its members, in order.</param>
/// <param name="services">The names that their codes stand for.</param>
internal delegate void CallRule(ReadOnlySpan<SpanMember> trace, IReadOnlyList<string> services, CallCounts calls);
