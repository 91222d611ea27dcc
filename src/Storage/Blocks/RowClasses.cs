namespace Clew.Storage.Blocks;

/// <summary>Names as the classes of <see cref="ByNameColumn"/>: those of the shapes at hand, in the order of their codes.</summary>
internal static class RowClasses
{
    /// <summary>Per shape the class of its span.</summary>
    public static (int[] ClassOf, int Count) OfSpans(SpanShape[] shapes)
    {
        var classOf = Array.ConvertAll(shapes, shape => shape.Name);
        var names = Distinct([.. classOf]);
        Number(classOf, names);
        return (classOf, names.Length);
    }

    /// <summary>Per shape the classes of its events.</summary>
    public static (int[][] ClassOf, int Count) OfEvents(SpanShape[] shapes)
    {
        var classOf = Array.ConvertAll(shapes, shape => shape.EventNames.AsSpan().ToArray());
        var names = Distinct([.. classOf.SelectMany(names => names)]);
        foreach (var classes in classOf)
            Number(classes, names);
        return (classOf, names.Length);
    }

    static void Number(int[] names, ReadOnlySpan<int> distinct)
    {
        foreach (ref var name in names.AsSpan())
            name = distinct.BinarySearch(name);
    }

    static ReadOnlySpan<int> Distinct(int[] names)
    {
        Array.Sort(names);
        var count = 0;
        foreach (var name in names)
        {
            if (count == 0 || names[count - 1] != name)
                names[count++] = name;
        }

        return names.AsSpan(0, count);
    }
}
