namespace Clew.TraceQL.Syntax;

/// <summary>How operators between spansets are written.</summary>
static class SpansetOperators
{
    static readonly (TokenKind Token, SpansetOperator Operator)[] Table =
    [
        (TokenKind.And, SpansetOperator.And), (TokenKind.Or, SpansetOperator.Or),
        (TokenKind.Greater, SpansetOperator.Child), (TokenKind.Less, SpansetOperator.Parent),
        (TokenKind.Descendant, SpansetOperator.Descendant), (TokenKind.Ancestor, SpansetOperator.Ancestor), (TokenKind.Sibling, SpansetOperator.Sibling),
        (TokenKind.NotChild, SpansetOperator.NotChild), (TokenKind.NotParent, SpansetOperator.NotParent),
        (TokenKind.NotDescendant, SpansetOperator.NotDescendant), (TokenKind.NotAncestor, SpansetOperator.NotAncestor), (TokenKind.NotLike, SpansetOperator.NotSibling),
        (TokenKind.UnionChild, SpansetOperator.UnionChild), (TokenKind.UnionParent, SpansetOperator.UnionParent),
        (TokenKind.UnionDescendant, SpansetOperator.UnionDescendant), (TokenKind.UnionAncestor, SpansetOperator.UnionAncestor),
        (TokenKind.UnionSibling, SpansetOperator.UnionSibling),
    ];

    public static bool TryFind(TokenKind token, out SpansetOperator found)
    {
        var at = Array.FindIndex(Table, row => row.Token == token);
        found = at < 0 ? default : Table[at].Operator;
        return at >= 0;
    }

    public static string TextOf(SpansetOperator spanset) => Punctuation.TextOf(Array.Find(Table, row => row.Operator == spanset).Token);

    public static int PrecedenceOf(SpansetOperator spanset) => spanset is SpansetOperator.And or SpansetOperator.Or ? BinaryOperators.Loosest : BinaryOperators.Comparing;
}
