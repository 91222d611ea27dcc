namespace Clew.Storage.Blocks;

/// <summary>Names as the classes of <see cref="ByNameColumn"/>: those of the shapes at hand, in the order of their codes.</summary>
internal static class RowClasses
{
    /// <summary>Per shape the class of its span.</summary>
    public static (int[] ClassOf, int Count) OfSpans(SpanShape[] shapes)
    {
        var names = Array.ConvertAll(shapes, shape => shape.Name);
        var classes = Number(names);
        return (Array.ConvertAll(names, name => classes[name]), classes.Count);
    }

    /// <summary>Per shape the classes of its events.</summary>
    public static (int[][] ClassOf, int Count) OfEvents(SpanShape[] shapes)
    {
        var classes = Number(shapes.SelectMany(shape => shape.EventNames));
        return (Array.ConvertAll(shapes, shape => Array.ConvertAll(shape.EventNames, name => classes[name])), classes.Count);
    }

    static Dictionary<int, int> Number(IEnumerable<int> names)
    {
        var classes = new Dictionary<int, int>();
        foreach (var name in new SortedSet<int>(names))
            classes.Add(name, classes.Count);
        return classes;
    }
}
