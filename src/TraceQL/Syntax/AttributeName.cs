using System.Buffers;
using System.Text;

namespace Clew.TraceQL.Syntax;

/// <summary>Names of attributes: nearly anything goes, the rest in quotes.</summary>
static class AttributeName
{
    static readonly SearchValues<char> Delimiters = SearchValues.Create("{}()=~!<>&|^,");

    static bool IsDelimiter(char character) => char.IsWhiteSpace(character) || Delimiters.Contains(character);

    /// <summary>Reads the name that begins at <paramref name="at"/>, which moves behind it. Quoted parts may stand anywhere in it.</summary>
    /// <returns>Null when a quote is not closed.</returns>
    public static string? Read(string text, ref int at)
    {
        var name = new StringBuilder();
        while (at < text.Length && !IsDelimiter(text[at]))
        {
            if (text[at] != '"')
                name.Append(text[at++]);
            else if (!ReadQuoted(text, ref at, name))
                return null;
        }

        return name.ToString();
    }

    static bool ReadQuoted(string text, ref int at, StringBuilder name)
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return true;
            }

            // No other escapes: a backslash before anything else is a backslash.
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\')
                at++;
            name.Append(text[at]);
        }

        return false;
    }

    /// <summary>The name as it is written behind the prefix of <paramref name="scope"/>.</summary>
    public static string Write(AttributeScope scope, string name) =>
        NeedsQuotes(scope, name) ? $"\"{name.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"" : name;

    static bool NeedsQuotes(AttributeScope scope, string name) =>
        name.Any(character => character == '"' || IsDelimiter(character))
        || (scope == AttributeScope.None && name is [>= '0' and <= '9', ..]) // .5 is a number
        || (scope == AttributeScope.Parent && (name.StartsWith("span.", StringComparison.Ordinal) || name.StartsWith("resource.", StringComparison.Ordinal)));
}
