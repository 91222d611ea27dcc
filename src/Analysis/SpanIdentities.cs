using Clew.Model;

namespace Clew.Analysis;

/// <summary>The span and parent ids of a batch's rows, after those that two spans share have been told apart.</summary>
internal sealed record SpanIdentities(SpanId[] SpanIds, SpanId[] ParentIds)
{
    public static SpanIdentities Stored(SpanBatch batch) => new([.. batch.Spans.SpanIds.Values], [.. batch.Spans.ParentSpanIds.Values]);

    /// <summary>
    /// Zipkin lets the server share the client's span id. Such a server span gets an id of its own and becomes the client's child; whatever
    /// was below the shared id is below the server's from then on.
    /// </summary>
    public static SpanIdentities Separated(SpanBatch batch)
    {
        var identities = Stored(batch);
        var clients = new HashSet<SpanId>();
        for (var row = 0; row < batch.SpanCount; row++)
        {
            if (batch.Spans.Kinds[row] == SpanKind.Client)
                clients.Add(batch.Spans.SpanIds[row]);
        }

        if (clients.Count > 0)
            identities.Separate(batch, clients);
        return identities;
    }

    void Separate(SpanBatch batch, HashSet<SpanId> clients)
    {
        var renamed = new Dictionary<SpanId, SpanId>();
        var isRenamed = new bool[SpanIds.Length];
        HashSet<SpanId>? used = null;
        var next = 1UL;
        for (var row = 0; row < SpanIds.Length; row++)
        {
            var shared = SpanIds[row];
            if (batch.Spans.Kinds[row] != SpanKind.Server || !clients.Contains(shared))
                continue;

            // Sent twice, the server's span keeps one new identity.
            if (!renamed.TryGetValue(shared, out var fresh))
            {
                used ??= [.. SpanIds, .. ParentIds];
                while (!used.Add(fresh = new SpanId(next++)))
                    continue;
                renamed.Add(shared, fresh);
            }

            (SpanIds[row], ParentIds[row], isRenamed[row]) = (fresh, shared, true);
        }

        for (var row = 0; row < SpanIds.Length; row++)
        {
            if (!isRenamed[row] && renamed.TryGetValue(ParentIds[row], out var fresh))
                ParentIds[row] = fresh;
        }
    }
}
