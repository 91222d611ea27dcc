using System.Buffers;
using System.Text;

namespace Clew.TraceQL.Syntax;

/// <summary>Names of attributes: nearly anything goes, the rest in quotes.</summary>
static class AttributeName
{
    static readonly SearchValues<char> Delimiters = SearchValues.Create("{}()=~!<>&|^,");

    static bool IsDelimiter(char character) => char.IsWhiteSpace(character) || Delimiters.Contains(character);

    /// <summary>Reads the name that begins at <paramref name="at"/>, which moves behind it. Quoted parts may stand anywhere in it.</summary>
    /// <param name="problem">With what <paramref name="at"/> is left at then; empty when there is none.</param>
    public static string Read(string text, ref int at, out string problem)
    {
        problem = "";
        var name = new StringBuilder();
        while (at < text.Length && !IsDelimiter(text[at]))
        {
            if (text[at] != '"')
                name.Append(text[at++]);
            else if ((problem = ReadQuoted(text, ref at, name)).Length > 0)
                break;
        }

        return name.ToString();
    }

    // Leaves the place of what is wrong: the quote that is not closed, or the escape.
    static string ReadQuoted(string text, ref int at, StringBuilder name)
    {
        var start = at;
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                if (text[at + 1] is not ('"' or '\\'))
                    return "an escape that does not exist in the name of an attribute: a backslash itself is \\\\";
                at++;
            }

            name.Append(text[at]);
        }

        if (at < text.Length)
        {
            at++;
            return "";
        }

        at = start;
        return "the quoted part of an attribute's name is not closed";
    }

    /// <summary>The name as it is written behind the prefix of <paramref name="scope"/>.</summary>
    public static string Write(AttributeScope scope, string name) =>
        NeedsQuotes(scope, name) ? $"\"{name.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"" : name;

    static bool NeedsQuotes(AttributeScope scope, string name) =>
        name.Any(character => character == '"' || IsDelimiter(character))
        || (scope == AttributeScope.None && name is [>= '0' and <= '9', ..]) // .5 is a number
        || (scope == AttributeScope.Parent && (name.StartsWith("span.", StringComparison.Ordinal) || name.StartsWith("resource.", StringComparison.Ordinal)));
}
