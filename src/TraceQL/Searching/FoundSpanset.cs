namespace Clew.TraceQL.Searching;

/// <param name="Spans">The first of those that match, in order of start.</param>
/// <param name="MatchedCount">How many there are.</param>
/// <param name="Attributes">What the query worked out of them together, such as <c>count()</c>, under its canonical text.</param>
public sealed record FoundSpanset(IReadOnlyList<FoundSpan> Spans, int MatchedCount, IReadOnlyList<(string Name, Value Value)> Attributes);
