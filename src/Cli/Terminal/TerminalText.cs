using System.Globalization;
using System.Text;

namespace Clew.Cli.Terminal;

/// <summary>Text of unknown origin, made fit for a terminal: no control sequences, and as wide as it claims to be.</summary>
internal static class TerminalText
{
    /// <summary>Replaces what a terminal would obey instead of show: control characters (escape sequences begin with one), and marks that reorder or hide text.</summary>
    public static string Sanitize(string text)
    {
        var bad = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (bad < 0)
            return text;
        var safe = new StringBuilder(text.Length).Append(text, 0, bad);
        foreach (var rune in text[bad..].EnumerateRunes())
            safe.Append(IsObeyed(rune) ? Rune.ReplacementChar : rune);
        return safe.ToString();
    }

    /// <summary>Columns that the text takes: two for East Asian wide characters and emoji, none for combining marks.</summary>
    public static int Width(ReadOnlySpan<char> text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Width(rune);
        return width;
    }

    /// <summary>Cuts the text to <paramref name="widthMax"/> columns, with an ellipsis where something is missing.</summary>
    public static string Truncate(string text, int widthMax)
    {
        if (Width(text) <= widthMax)
            return text;
        var cut = new StringBuilder();
        var width = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Width(rune);
            if (width > widthMax)
                break;
            cut.Append(rune);
        }

        return widthMax < 1 ? "" : cut.Append('…').ToString();
    }

    /// <summary>Fills the text with spaces up to <paramref name="width"/> columns.</summary>
    public static string Pad(string text, int width) => text + new string(' ', Math.Max(0, width - Width(text)));

    static bool IsObeyed(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not 0x200D,
        _ => false,
    };

    // The blocks that terminals draw two columns wide (Unicode Standard Annex #11, W and F, whole blocks).
    static int Width(Rune rune) => rune.Value switch
    {
        0x200D or (>= 0xFE00 and <= 0xFE0F) => 0,
        < 0x300 => 1,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0x303E or >= 0x3041 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 => 2,
        >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 => 2,
        >= 0x1F300 and <= 0x1F64F or >= 0x1F680 and <= 0x1F6FF or >= 0x1F900 and <= 0x1F9FF or >= 0x20000 and <= 0x3FFFD => 2,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? 0 : 1,
    };
}
