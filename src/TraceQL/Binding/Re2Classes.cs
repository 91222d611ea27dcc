namespace Clew.TraceQL.Binding;

/// <summary>Sets of characters that have names. Those of Perl and POSIX are of ASCII only.</summary>
static class Re2Classes
{
    static readonly (string Name, string Pairs)[] Posix =
    [
        ("alnum", "09AZaz"), ("alpha", "AZaz"), ("ascii", "\0\x7f"), ("blank", "\t\t  "), ("cntrl", "\0\x1f\x7f\x7f"), ("digit", "09"), ("graph", "!~"),
        ("lower", "az"), ("print", " ~"), ("punct", "!/:@[`{~"), ("space", "\t\r  "), ("upper", "AZ"), ("word", "09AZ__az"), ("xdigit", "09AFaf"),
    ];

    static readonly string[] Categories =
    [
        "C", "Cc", "Cf", "Co", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No",
        "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
    ];

    /// <summary>A general category of Unicode that both sides know.</summary>
    public static bool IsCategory(string name) => Categories.Contains(name, StringComparer.Ordinal);

    /// <param name="ranges">Pairs of the first and the last character, in order.</param>
    public static bool TryFindPosix(string name, out string ranges)
    {
        var at = Array.FindIndex(Posix, row => row.Name == name);
        ranges = at < 0 ? "" : Posix[at].Pairs;
        return at >= 0;
    }

    /// <param name="letter">As in <c>\d</c>.</param>
    public static bool TryFindPerl(char letter, out string ranges)
    {
        ranges = letter switch { 'd' => "09", 'w' => "09AZ__az", 's' => "\t\n\f\r  ", _ => "" };
        return ranges.Length > 0;
    }
}
