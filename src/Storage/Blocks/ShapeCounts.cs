namespace Clew.Storage.Blocks;

/// <summary>How often the shapes of a row group occur before, and within, a range of rows: from it follows where the range's values lie in every column.</summary>
internal sealed class ShapeCounts
{
    readonly SpanShape[] _shapes;

    public ShapeCounts(RowGroupReader reader, int first, int count)
    {
        _shapes = reader.Shapes;
        (Before, Within, After) = (new int[_shapes.Length], new int[_shapes.Length], new int[_shapes.Length]);
        var shapeOf = reader.ShapeOf;
        Tally(shapeOf[..first], Before);
        Tally(shapeOf.Slice(first, count), Within);
        Tally(shapeOf[(first + count)..], After);
    }

    public int[] Before { get; }

    public int[] Within { get; }

    public int[] After { get; }

    /// <summary>Sums up something that a shape has so many of.</summary>
    /// <param name="fail">Called for more than a row group can have.</param>
    public (int Before, int Within, int All) Sum(Func<SpanShape, int> countOf, Action fail)
    {
        long before = 0, within = 0, after = 0;
        for (var shape = 0; shape < _shapes.Length; shape++)
        {
            var each = (long)countOf(_shapes[shape]);
            before += each * Before[shape];
            within += each * Within[shape];
            after += each * After[shape];
        }

        if (before + within + after > SpanShape.PartsMax)
            fail();
        return ((int)before, (int)within, (int)(before + within + after));
    }

    static void Tally(ReadOnlySpan<int> shapeOf, int[] counts)
    {
        foreach (var shape in shapeOf)
            counts[shape]++;
    }
}
