using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Numbers of rows of several classes, one column per class: durations of spans by name need half the bits of durations in a row.</summary>
/// <remarks><code>per class that has rows: | column of its rows' numbers, in their order |</code> How many rows a class has is known from elsewhere.</remarks>
internal static class ByNameColumn
{
    /// <summary>Deals numbers out to their classes.</summary>
    /// <param name="counts">Per class, how many rows it has.</param>
    /// <param name="dealt">As long as <paramref name="values"/>: class 0 first.</param>
    public static void Deal(ReadOnlySpan<ulong> values, ReadOnlySpan<int> classes, ReadOnlySpan<int> counts, Span<ulong> dealt)
    {
        Span<int> next = counts.Length <= 256 ? stackalloc int[counts.Length] : new int[counts.Length];
        var start = 0;
        for (var at = 0; at < counts.Length; at++)
        {
            next[at] = start;
            start += counts[at];
        }

        for (var row = 0; row < values.Length; row++)
            dealt[next[classes[row]]++] = values[row];
    }

    /// <summary>Takes the numbers of a range of rows.</summary>
    /// <param name="columns">What was stored.</param>
    /// <param name="shapeOf">Per row of the range its shape.</param>
    /// <param name="classOf">Per shape its class.</param>
    /// <param name="before">Per class, how many rows of it come before the range.</param>
    /// <param name="within">Per class, how many rows of it are in the range.</param>
    /// <param name="all">Per class, how many rows of it there are.</param>
    public static void Take(
        ref ByteReader columns, ReadOnlySpan<int> shapeOf, ReadOnlySpan<int> classOf, ReadOnlySpan<int> before, ReadOnlySpan<int> within, ReadOnlySpan<int> all, Span<ulong> into)
    {
        using var rented = Rented<ulong>.Of(into.Length);
        var dealt = rented.Span;
        Span<int> next = all.Length <= 256 ? stackalloc int[all.Length] : new int[all.Length];
        var start = 0;
        for (var at = 0; at < all.Length; at++)
        {
            next[at] = start;
            if (all[at] > 0)
                IntegerColumn.Open(ref columns, all[at]).Decode(before[at], dealt.Slice(start, within[at]));
            start += within[at];
        }

        columns.ExpectEnd();
        for (var row = 0; row < into.Length; row++)
            into[row] = dealt[next[classOf[shapeOf[row]]]++];
    }
}
