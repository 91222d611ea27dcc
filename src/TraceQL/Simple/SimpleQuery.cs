using System.Diagnostics.CodeAnalysis;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Simple;

/// <summary>What people type by instinct: <c>service=kv-cache operation=cache_lookup duration&gt;100ms</c>. It means one span that meets all of it.</summary>
/// <remarks>
/// <code>
/// query  := term { [ "AND" ] term } [ "|" steps of TraceQL ]
/// term   := key ( = != &gt; &gt;= &lt; &lt;= =~ !~ ) value | word
/// </code>
/// <c>service</c>, <c>operation</c> or <c>name</c>, <c>duration</c>, <c>status</c>, <c>error</c>, <c>kind</c> and <c>trace</c> are fields of a span, as are the intrinsics of TraceQL under their own
/// names; every other key is an attribute. Keys and values may be quoted. A word is looked for in the names of spans and services. What begins with <c>{</c> or <c>(</c> is TraceQL.
/// </remarks>
public static class SimpleQuery
{
    /// <summary>More than anybody types.</summary>
    const int TermsMax = 200;

    /// <summary>Whether a text is to be read as TraceQL, not as the simple form.</summary>
    public static bool IsTraceQL(string text) => text.AsSpan().TrimStart() is ['{' or '(', ..] or ['/', '/' or '*', ..];

    /// <summary>Reads either form.</summary>
    /// <param name="error">The first problem, at its place in <paramref name="text"/>.</param>
    public static bool TryCompile(string text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error) =>
        IsTraceQL(text) ? TraceQLQuery.TryCompile(text, out query, out error) : TryRead(text, out query, out error);

    /// <summary>What a key of the simple form, or a field as TraceQL writes it, stands for: <c>service</c> is <c>resource.service.name</c>.</summary>
    /// <param name="error">Why it has no values that could be listed.</param>
    public static bool TryFindField(string name, [NotNullWhen(true)] out FieldExpression? field, [NotNullWhen(false)] out QueryError? error)
    {
        field = SimpleMeaning.FieldOf(name);
        var query = new PipelineStage.Filter(new FieldExpression.Binary(BinaryOperator.NotEqual, field, new FieldExpression.Constant(Value.Nil)));
        error = name.Length == 0 ? new QueryError(new TextPosition(1, 1), "there is no name") : QueryCheck.Find(new Query(new Pipeline([query]), null, []));
        if (error is null)
            return true;
        field = null;
        return false;
    }

    static bool TryRead(string text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error)
    {
        query = null;
        return TryReadTerms(text, out var filter, out var end, out error) && TryFinish(text, filter, end, out query, out error);
    }

    /// <param name="end">Where the steps of TraceQL begin, or the length of the text.</param>
    static bool TryReadTerms(string text, out FieldExpression? filter, out int end, [NotNullWhen(false)] out QueryError? error)
    {
        filter = null;
        error = text.Length > TokenStream.TextLengthMax
            ? new QueryError(new TextPosition(1, 1), $"a query of {text.Length} characters is too long: at most {TokenStream.TextLengthMax} are read") { IsSyntax = true }
            : null;
        var reader = new SimpleReader(text);
        for (var count = 1; error is null && reader.Read() is { } term; count++)
        {
            if (count > TermsMax)
                error = new QueryError(term.At, $"there are more than {TermsMax} conditions");
            else if (SimpleMeaning.TryFind(term, out var condition, out error))
                filter = filter is null ? condition : new FieldExpression.Binary(BinaryOperator.And, filter, condition) { At = filter.At };
        }

        error ??= reader.Error;
        end = reader.Offset;
        return error is null;
    }

    static bool TryFinish(string text, FieldExpression? filter, int end, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error)
    {
        var first = new PipelineStage.Filter(filter ?? new FieldExpression.Constant(Value.OfBool(true)));
        query = new Query(new Pipeline([first]), null, []);
        error = QueryCheck.Find(query);
        if (error is null && end < text.Length)
            return TryFinishTail(text, query, end, out query, out error);
        if (error is null)
            return true;
        query = null;
        return false;
    }

    // The steps behind the first "|" are TraceQL as they are: only the places of their problems have to be brought back to where they were typed.
    static bool TryFinishTail(string text, Query filter, int end, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error)
    {
        var translated = filter.ToString();
        if (TraceQLQuery.TryCompile($"{translated} {text[end..]}", out query, out error))
            return true;
        var tail = TextPlace.Of(text, end);
        var at = error.At.Line > 1
            ? new TextPosition(error.At.Line + tail.Line - 1, error.At.Column)
            : new TextPosition(tail.Line, Math.Max(1, error.At.Column - translated.Length - 1 + tail.Column - 1));
        error = error with { At = at };
        return false;
    }
}
