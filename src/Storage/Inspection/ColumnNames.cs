using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;

namespace Clew.Storage.Inspection;

/// <summary>Columns in words, for people.</summary>
internal static class ColumnNames
{
    static readonly string[] ValueStreams =
        ["nested kinds", "nested texts", "nested bools", "nested ints", "nested doubles", "nested containers", "nested container sizes"];

    /// <param name="strings">Of the block that the column is from.</param>
    public static string Of(ColumnKey key, StringTable strings)
    {
        if (!key.IsAttribute)
            return Of((ColumnId)key.Tag);
        var name = key.Code < strings.Count ? strings.GetString(key.Code) : $"key {key.Code}";
        return $"{key.Owner.ToString().ToLowerInvariant()} {name} ({key.Kind.ToString().ToLowerInvariant()})";
    }

    static string Of(ColumnId id)
    {
        if (id - ColumnId.NestedValues is var nested && nested >= 0 && nested < ValueStreams.Length)
            return ValueStreams[nested];
        return Enum.IsDefined(id) ? Words(id.ToString()) : $"column {(int)id}";
    }

    // TraceRunLengths → trace run lengths
    static string Words(string name) => string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
