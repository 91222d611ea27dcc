using System.Diagnostics.CodeAnalysis;
using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Searching;
using Clew.TraceQL.Syntax;

namespace Clew.Server.Tempo;

/// <summary>Which spans of a trace are asked for: those that a filter finds, with some of those above and below them. −1 is as many as there are.</summary>
internal sealed record TracePart(Pipeline Filter, int AncestorDepth, int DescendantDepth)
{
    const int All = -1;

    // Farther than any trace is deep, with room to count on from.
    const int None = int.MaxValue / 2;

    /// <summary>Reads <c>q</c>, <c>match_depth</c>, <c>ancestor_depth</c> and <c>keep_hierarchy</c>, which keeps every ancestor.</summary>
    /// <returns>Null when the whole trace is asked for, or the parameters have a problem.</returns>
    public static TracePart? Read(TempoParameters parameters)
    {
        var descendants = parameters.Count("match_depth", 0, All);
        var ancestors = parameters.Count("ancestor_depth", 0, All);
        var hierarchy = parameters.Text("keep_hierarchy");
        if (!GoBool.TryParse(hierarchy, out var isKept))
            parameters.Fail($"invalid keep_hierarchy: '{hierarchy}' is neither true nor false");
        else if (isKept)
            ancestors = All;
        if (!parameters.Has("q"))
            return null;
        if (!TraceQLQuery.TryCompile(parameters.Text("q"), out var query, out var error))
            parameters.Fail(error.ToString());
        else if (!IsOneFilter(query, out var filter))
            parameters.Fail("invalid q: expected the conditions of one span, as in { status = error }");
        else
            return new TracePart(filter, ancestors, descendants);
        return null;
    }

    /// <summary>The spans that are asked for, as a batch of their own; the same batch where that is all of them.</summary>
    public SpanBatch Of(TraceId id, SpanBatch spans)
    {
        var (above, below) = Distances(Trace.Assemble(id, spans), TraceFilter.Find(Filter, spans));
        var rows = Enumerable.Range(0, spans.SpanCount).Where(row => IsWithin(above[row], AncestorDepth) || IsWithin(below[row], DescendantDepth)).ToArray();
        if (rows.Length == spans.SpanCount)
            return spans;
        var copier = new SpanCopier(new SpanBatch());
        foreach (var row in rows)
            copier.Copy(spans, row);
        return copier.Target;
    }

    static bool IsWithin(int distance, int depth) => distance < None && (depth == All || distance <= depth);

    /// <summary>Of each span, how far it is above the nearest that was found, and how far below.</summary>
    static (int[] Above, int[] Below) Distances(Trace trace, IReadOnlyList<int> found)
    {
        var above = new int[trace.SpanCount];
        Array.Fill(above, None);
        foreach (var row in found)
            above[row] = 0;
        var below = (int[])above.Clone();
        var downwards = trace.DepthFirst().Select(place => place.Row).ToArray();
        foreach (var row in downwards)
        {
            if (trace.ParentOf(row) is >= 0 and var parent)
                below[row] = Math.Min(below[row], below[parent] + 1);
        }

        foreach (var row in downwards.Reverse())
        {
            if (trace.ParentOf(row) is >= 0 and var parent)
                above[parent] = Math.Min(above[parent], above[row] + 1);
        }

        return (above, below);
    }

    static bool IsOneFilter(Query query, [NotNullWhen(true)] out Pipeline? filter)
    {
        filter = query.Spans is { Stages: [PipelineStage.Filter] } one ? one : null;
        return filter is not null;
    }
}
