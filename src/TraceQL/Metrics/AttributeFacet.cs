namespace Clew.TraceQL.Metrics;

/// <summary>How often each value of one attribute occurs.</summary>
/// <param name="Name">As a query writes it.</param>
/// <param name="SpanCount">Spans that have it.</param>
/// <param name="Values">The values that occur most, the most frequent first.</param>
/// <param name="HasTooMany">There were more values than are told apart, and none is listed: which of them were counted is chance.</param>
public sealed record AttributeFacet(string Name, long SpanCount, IReadOnlyList<(Value Value, long Count)> Values, bool HasTooMany);
