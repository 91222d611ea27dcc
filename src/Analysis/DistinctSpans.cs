using Clew.Model;

namespace Clew.Analysis;

/// <summary>The spans of one trace without the copies that a retry leaves: of spans that are the same to the last bit, the first.</summary>
/// <remarks>A request that was answered too late is sent again, and what is sent is stored. Spans that share an id and differ in anything all stay: that
/// sender is broken, and should see it.</remarks>
public sealed class DistinctSpans
{
    readonly SpanBatch _stored;

    DistinctSpans(SpanBatch stored, int[] rows, long comparisonCount)
    {
        _stored = stored;
        ComparisonCount = comparisonCount;
        Rows = rows;
    }

    /// <summary>The rows that stay, in the order of the batch.</summary>
    public IReadOnlyList<int> Rows { get; }

    public int CopyCount => _stored.SpanCount - Rows.Count;

    /// <summary>How many pairs of spans were compared by content. About as many as there are copies; more means that hashes collide.</summary>
    public long ComparisonCount { get; }

    public static DistinctSpans Of(SpanBatch batch)
    {
        var rows = new List<int>(batch.SpanCount);
        var lastOfHash = new Dictionary<int, int>(batch.SpanCount);
        var previousOfHash = new int[batch.SpanCount];
        var comparisonCount = 0L;
        for (var row = 0; row < batch.SpanCount; row++)
        {
            var hash = HashOf(batch, row);
            var last = lastOfHash.GetValueOrDefault(hash, -1);
            var other = last;
            for (; other >= 0; other = previousOfHash[other])
            {
                comparisonCount++;
                if (BatchEquality.SameSpan(batch, other, batch, row))
                    break;
            }

            if (other >= 0)
                continue;
            previousOfHash[row] = last;
            lastOfHash[hash] = row;
            rows.Add(row);
        }

        return new DistinctSpans(batch, [.. rows], comparisonCount);
    }

    /// <summary>The spans as a batch of their own; the stored one where nothing was copied.</summary>
    public SpanBatch ToBatch()
    {
        if (CopyCount == 0)
            return _stored;
        var copier = new SpanCopier(new SpanBatch());
        foreach (var row in Rows)
            copier.Copy(_stored, row);
        return copier.Target;
    }

    // Equal scopes may have different rows, so they are left to the comparison.
    static int HashOf(SpanBatch batch, int row)
    {
        var hash = new HashCode();
        hash.Add(batch.Spans[row] with { Scope = 0 });
        BatchHash.AddAttributes(ref hash, batch, batch.Spans.Attributes, row);
        BatchHash.AddEventsAndLinks(ref hash, batch, row);
        return hash.ToHashCode();
    }
}
