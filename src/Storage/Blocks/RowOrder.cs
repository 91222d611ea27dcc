using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>The order of rows in a block: by trace id, then start, then arrival.</summary>
internal static class RowOrder
{
    public static int[] Of(SpanColumns spans)
    {
        var ids = spans.TraceIds.Values;
        var keys = new ulong[ids.Length];
        var order = new int[ids.Length];
        for (var row = 0; row < order.Length; row++)
        {
            keys[row] = ids[row].High;
            order[row] = row;
        }

        // High halves of random ids settle nearly all; what they leave equal is sorted in small runs.
        Array.Sort(keys, order);
        var comparer = Comparer<int>.Create((left, right) => Compare(spans, left, right));
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            while (end < order.Length && keys[end] == keys[start])
                end++;
            if (end - start > 1)
                Array.Sort(order, start, end - start, comparer);
        }

        return order;
    }

    static int Compare(SpanColumns spans, int left, int right)
    {
        var byTrace = spans.TraceIds[left].CompareTo(spans.TraceIds[right]);
        if (byTrace != 0)
            return byTrace;
        var byStart = spans.Starts[left].CompareTo(spans.Starts[right]);
        return byStart != 0 ? byStart : left.CompareTo(right);
    }
}
