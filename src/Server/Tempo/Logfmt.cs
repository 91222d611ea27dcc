using System.Text;

namespace Clew.Server.Tempo;

/// <summary>Pairs as <c>a=1 b="two words" c</c>.</summary>
internal static class Logfmt
{
    /// <returns>False with the problem when a quote is not closed, a key is missing, or one comes twice.</returns>
    public static bool TryParse(string text, out IReadOnlyList<(string Key, string Value)> pairs, out string problem)
    {
        var found = new List<(string Key, string Value)>();
        (pairs, problem) = (found, "");
        for (var at = 0; SkipBlanks(text, ref at);)
        {
            var start = at;
            while (at < text.Length && text[at] is not ('=' or '"') && !char.IsWhiteSpace(text[at]))
                at++;
            var key = text[start..at];
            if (key.Length == 0)
            {
                problem = $"unexpected '{text[at]}' at position {at + 1}, expecting a key";
                return false;
            }

            var value = "";
            if (at < text.Length && text[at] == '=' && !TryReadValue(text, ref at, out value))
            {
                problem = $"the value of '{key}' has a quote that is not closed";
                return false;
            }

            if (found.Exists(pair => pair.Key == key))
            {
                problem = $"tag {key} has been set twice";
                return false;
            }

            found.Add((key, value));
        }

        return true;
    }

    static bool SkipBlanks(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at < text.Length;
    }

    static bool TryReadValue(string text, ref int at, out string value)
    {
        at++;
        if (at >= text.Length || text[at] != '"')
        {
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
                at++;
            value = text[start..at];
            return true;
        }

        var content = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            content.Append(text[at]);
        }

        value = content.ToString();
        return at++ < text.Length;
    }
}
