using Clew.Storage.Columns;

namespace Clew.Storage.Inspection;

/// <summary>Columns in words, for people.</summary>
internal static class ColumnNames
{
    static readonly (ColumnId First, string Owner)[] Attributes =
    [
        (ColumnId.ResourceAttributes, "resource"), (ColumnId.ScopeAttributes, "scope"), (ColumnId.SpanAttributes, "span"), (ColumnId.EventAttributes, "event"),
        (ColumnId.LinkAttributes, "link"),
    ];

    static readonly string[] AttributeStreams =
        ["attribute counts", "attribute keys", "attribute kinds", "attribute texts", "attribute bools", "attribute ints", "attribute doubles", "attribute containers", "attribute container sizes"];

    static readonly string[] ValueStreams =
        ["nested kinds", "nested texts", "nested bools", "nested ints", "nested doubles", "nested containers", "nested container sizes"];

    public static string Of(ColumnId id)
    {
        foreach (var (first, owner) in Attributes)
        {
            if (id - first is var stream && stream >= 0 && stream < AttributeStreams.Length)
                return $"{owner} {AttributeStreams[stream]}";
        }

        if (id - ColumnId.NestedValues is var nested && nested >= 0 && nested < ValueStreams.Length)
            return ValueStreams[nested];
        return Enum.IsDefined(id) ? Words(id.ToString()) : $"column {(int)id}";
    }

    // TraceRunLengths → trace run lengths
    static string Words(string name) => string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
