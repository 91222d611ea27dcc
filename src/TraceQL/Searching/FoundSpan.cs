using Clew.Model;

namespace Clew.TraceQL.Searching;

/// <param name="Attributes">Those that the query names, by name and without scope, where the span has them.</param>
public sealed record FoundSpan(SpanId Id, string Name, UnixNanos Start, ulong DurationNanos, IReadOnlyList<(string Name, Value Value)> Attributes);
