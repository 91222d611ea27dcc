using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Clew.TraceQL.Syntax;

/// <summary>From text to <see cref="Query"/>: the grammar only. What a query means is checked by <see cref="TraceQLQuery"/>.</summary>
public static class QueryParser
{
    /// <param name="text">At most 65,536 characters, 1,000 operators inside of braces, 200 outside, and 200 levels of nesting.</param>
    /// <param name="error">The first problem.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new TokenStream(text);
        var fields = new FieldParser(tokens);
        var part = new PartParser(tokens, fields).ReadQuery();
        RequireWhole(tokens, part);
        var hints = ReadHints(tokens, fields);
        if (tokens.Current.Kind != TokenKind.End)
            tokens.FailUnexpected(hints.Length > 0 ? "the end of the query" : PartJoining.ExpectedAfter(part));
        error = tokens.Error;
        query = error is null ? new Query(part.Pipeline, part.Metrics, hints) : null;
        return error is null;
    }

    /// <summary>An aggregate or a number alone is no query.</summary>
    static void RequireWhole(TokenStream tokens, Part part)
    {
        if (part.Kind is PartKind.Constant or PartKind.Scalar or PartKind.PipedScalar)
            tokens.FailUnexpected(PartJoining.ExpectedAfter(part));
    }

    static ImmutableArray<Hint> ReadHints(TokenStream tokens, FieldParser fields)
    {
        var hints = ImmutableArray.CreateBuilder<Hint>();
        while (tokens.Current.IsIdentifier("with"))
        {
            tokens.Advance();
            tokens.Expect(TokenKind.OpenParen);
            do
                hints.Add(ReadHint(tokens, fields));
            while (tokens.TryTake(TokenKind.Comma));
            tokens.Expect(TokenKind.CloseParen);
        }

        return hints.ToImmutable();
    }

    static Hint ReadHint(TokenStream tokens, FieldParser fields)
    {
        var name = tokens.Current;
        if (name.Kind != TokenKind.Identifier)
            tokens.FailUnexpected("the name of a hint, as in with (exemplars = true)");
        tokens.Advance();
        tokens.Expect(TokenKind.Equal);
        if (!fields.TryReadConstant(out var value))
            tokens.FailUnexpected("a value such as true, 10 or 0.5");
        return new Hint(name.Text, value);
    }
}
