using System.Collections.Immutable;

namespace Clew.Model;

/// <summary>The traces a query asks for: those that have, for each of the selections, some span that meets it. Not necessarily one and the same.</summary>
public sealed record TraceSelection(ImmutableArray<SpanSelection> Each);
