namespace Clew.Storage.Columns;

/// <summary>Where the parts of attributes and values lie, relative to the column id of their owner.</summary>
internal static class ValueStream
{
    /// <summary>Attributes only: per owner, how many it has.</summary>
    public const int Counts = 0;

    /// <summary>Attributes only: codes of keys. Their values start at the id after it.</summary>
    public const int Keys = 1;

    public const int AttributeValues = 2;

    // Within values: one kind per value, then the values of each class side by side, in order.
    public const int Kinds = 0;
    public const int Texts = 1;
    public const int Bools = 2;

    /// <summary>Zigzag: 0, -1, 1, -2, …</summary>
    public const int Ints = 3;
    public const int Doubles = 4;
    public const int ContainerStarts = 5;
    public const int ContainerCounts = 6;

    public const int ClassCount = 5;

    /// <summary>Per <see cref="Model.ValueKind"/>: 0 texts, 1 bools, 2 ints, 3 doubles, 4 containers; -1 for the empty value, which has no bits.</summary>
    public static ReadOnlySpan<sbyte> ClassOf => [-1, 0, 1, 2, 3, 4, 4, 0];
}
