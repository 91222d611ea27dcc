namespace Clew.TraceQL.Syntax;

/// <summary>Operators and brackets: how they are written and what they are called.</summary>
static class Punctuation
{
    // The longest first: && is not & &, and !>> is not !> >.
    static readonly (string Text, TokenKind Kind)[] Table =
    [
        ("&>>", TokenKind.UnionDescendant), ("&<<", TokenKind.UnionAncestor), ("!>>", TokenKind.NotDescendant), ("!<<", TokenKind.NotAncestor),
        ("&&", TokenKind.And), ("||", TokenKind.Or), ("!=", TokenKind.NotEqual), ("<=", TokenKind.LessOrEqual), (">=", TokenKind.GreaterOrEqual),
        ("=~", TokenKind.Like), ("!~", TokenKind.NotLike), (">>", TokenKind.Descendant), ("<<", TokenKind.Ancestor), ("!>", TokenKind.NotChild),
        ("!<", TokenKind.NotParent), ("&>", TokenKind.UnionChild), ("&<", TokenKind.UnionParent), ("&~", TokenKind.UnionSibling),
        ("{", TokenKind.OpenBrace), ("}", TokenKind.CloseBrace), ("(", TokenKind.OpenParen), (")", TokenKind.CloseParen), (",", TokenKind.Comma),
        ("|", TokenKind.Pipe), ("!", TokenKind.Not), ("=", TokenKind.Equal), ("<", TokenKind.Less), (">", TokenKind.Greater), ("~", TokenKind.Sibling),
        ("+", TokenKind.Add), ("-", TokenKind.Subtract), ("*", TokenKind.Multiply), ("/", TokenKind.Divide), ("%", TokenKind.Modulo), ("^", TokenKind.Power),
    ];

    /// <summary>The longest operator or bracket that <paramref name="text"/> begins with.</summary>
    public static bool TryFind(ReadOnlySpan<char> text, out TokenKind kind, out int length)
    {
        foreach (var (written, found) in Table)
        {
            if (!text.StartsWith(written))
                continue;
            (kind, length) = (found, written.Length);
            return true;
        }

        (kind, length) = (TokenKind.Invalid, 0);
        return false;
    }

    /// <summary>How an operator or a bracket is written.</summary>
    public static string TextOf(TokenKind kind) => Array.Find(Table, row => row.Kind == kind).Text;
}
