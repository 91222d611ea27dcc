namespace Clew.TraceQL.Syntax;

/// <summary>How the owner of an attribute is written, its dot included.</summary>
static class ScopeNames
{
    // In the order of the enumeration.
    static readonly string[] Prefixes =
        [".", "span.", "resource.", "event.", "link.", "instrumentation.", "parent.", "parent.span.", "parent.resource."];

    public static string PrefixOf(AttributeScope scope) => Prefixes[(int)scope];

    public static IEnumerable<string> Known => Prefixes.Skip(1);

    /// <summary>The scope whose prefix <paramref name="text"/> begins with; of <c>parent.span.x</c> the longer one.</summary>
    public static bool TryFind(ReadOnlySpan<char> text, out AttributeScope scope)
    {
        for (var at = Prefixes.Length - 1; at >= 0; at--)
        {
            if (!text.StartsWith(Prefixes[at]))
                continue;
            scope = (AttributeScope)at;
            return true;
        }

        scope = default;
        return false;
    }
}
