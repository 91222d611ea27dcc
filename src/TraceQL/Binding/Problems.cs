using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Keeps the first problem of a query.</summary>
sealed class Problems
{
    const int TextLengthMax = 160;

    public QueryError? First { get; private set; }

    /// <param name="about">The part that has it; its text follows the problem. Asked for only when it is the first, because it may be long.</param>
    /// <param name="hint">What to write instead; stands behind it.</param>
    public void Report(TextPosition at, string problem, object about, string hint = "")
    {
        if (First is not null)
            return;
        var text = about.ToString() ?? "";
        First = new QueryError(at, $"{problem}: {(text.Length <= TextLengthMax ? text : text[..TextLengthMax] + "…")}{hint}");
    }
}
