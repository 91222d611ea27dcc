using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Simple;

/// <summary>From an offset to the line and column that people count.</summary>
internal static class TextPlace
{
    public static TextPosition Of(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Min(offset, text.Length));
        return new TextPosition(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
