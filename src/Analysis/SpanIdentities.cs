using Clew.Model;

namespace Clew.Analysis;

/// <summary>The span and parent ids of the spans of one trace, after those that two spans share have been told apart.</summary>
internal sealed record SpanIdentities(SpanId[] SpanIds, SpanId[] ParentIds)
{
    public static SpanIdentities Stored(SpanBatch batch) => new([.. batch.Spans.SpanIds.Values], [.. batch.Spans.ParentSpanIds.Values]);

    /// <inheritdoc cref="Separate"/>
    public static SpanIdentities Separated(SpanBatch batch)
    {
        var identities = Stored(batch);
        Separate(identities.SpanIds, identities.ParentIds, batch.Spans.Kinds.Values);
        return identities;
    }

    /// <summary>
    /// Zipkin lets the server share the client's span id. Such a server span gets an id of its own and becomes the client's child; whatever
    /// was below the shared id is below the server's from then on.
    /// </summary>
    /// <param name="spanIds">One for each span of a trace; changed in place, as are <paramref name="parentIds"/>.</param>
    public static void Separate(Span<SpanId> spanIds, Span<SpanId> parentIds, ReadOnlySpan<SpanKind> kinds)
    {
        var clients = new HashSet<SpanId>();
        for (var row = 0; row < kinds.Length; row++)
        {
            if (kinds[row] == SpanKind.Client)
                clients.Add(spanIds[row]);
        }

        if (clients.Count == 0)
            return;
        var renamed = new Dictionary<SpanId, SpanId>();
        var isRenamed = new bool[kinds.Length];
        HashSet<SpanId>? used = null;
        var next = 1UL;
        for (var row = 0; row < kinds.Length; row++)
        {
            var shared = spanIds[row];
            if (kinds[row] != SpanKind.Server || !clients.Contains(shared))
                continue;

            // Sent twice, the server's span keeps one new identity.
            if (!renamed.TryGetValue(shared, out var fresh))
            {
                used ??= [.. spanIds, .. parentIds];
                while (!used.Add(fresh = new SpanId(next++)))
                    continue;
                renamed.Add(shared, fresh);
            }

            (spanIds[row], parentIds[row], isRenamed[row]) = (fresh, shared, true);
        }

        for (var row = 0; row < kinds.Length; row++)
        {
            if (!isRenamed[row] && renamed.TryGetValue(parentIds[row], out var fresh))
                parentIds[row] = fresh;
        }
    }
}
