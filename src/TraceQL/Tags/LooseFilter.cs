using System.Collections.Immutable;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tags;

/// <summary>Reads what somebody has typed so far: the conditions that are complete, without those that are not.</summary>
/// <remarks>
/// A text that is a query is taken as it is. Of any other, the first pair of braces counts: it is cut at <c>&amp;&amp;</c> and <c>||</c>, and each part that is a condition
/// stays, joined to those before it by the operator before it. A part in parentheses is cut in the same way. What makes the whole larger than a query may be is left out.
/// </remarks>
public static class LooseFilter
{
    // Each level of parentheses is read again from its text: deeper ones are dropped.
    const int DepthMax = 16;

    // Bounds the conditions, and so the height of the tree.
    const int LengthMax = 8 * 1024;

    /// <summary>Never fails: a text without a complete condition asks for every span.</summary>
    public static Pipeline Read(string text)
    {
        if (text.Length <= TokenStream.TextLengthMax && TraceQLQuery.TryCompile(text, out var query, out _) && query.Spans is { } whole)
            return whole;
        var loose = PipelineOf(ReadParts(Body(text), 0, new LooseFilterSize()));
        return QueryCheck.Find(new Query(loose, null, [])) is null ? loose : PipelineOf(null);
    }

    static Pipeline PipelineOf(FieldExpression? condition) => new([new PipelineStage.Filter(condition ?? new FieldExpression.Constant(Value.OfBool(true)))]);

    /// <summary>What stands between the first brace and the one that closes it, or the end.</summary>
    static string Body(string text)
    {
        var open = text.Length > LengthMax ? -1 : text.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return "";
        for (var at = open + 1; at < text.Length; at = After(text, at))
        {
            if (text[at] == '}')
                return text[(open + 1)..at];
        }

        return text[(open + 1)..];
    }

    static FieldExpression? ReadParts(string body, int depth, LooseFilterSize size)
    {
        FieldExpression? alternatives = null, all = null;
        foreach (var (text, isAlternative) in Parts(body))
        {
            if (size.IsFull)
                break;
            if (ReadPart(text.Trim(), depth, size) is not { } part)
                continue;
            if (isAlternative && all is not null)
                (alternatives, all) = (Join(BinaryOperator.Or, alternatives, all), part);
            else
                all = Join(BinaryOperator.And, all, part);
        }

        return all is null ? alternatives : Join(BinaryOperator.Or, alternatives, all);
    }

    static FieldExpression? ReadPart(string text, int depth, LooseFilterSize size)
    {
        if (TraceQLQuery.TryCompile($"{{ {text} }}", out var query, out _)
            && query is { Spans.Stages: [PipelineStage.Filter { Expression: not FieldExpression.Constant } filter], Hints.IsEmpty: true })
            return size.TryAdd(filter.Expression) ? filter.Expression : null;
        if (depth == DepthMax || !text.StartsWith('('))
            return null;
        return ReadParts(text.EndsWith(')') ? text[1..^1] : text[1..], depth + 1, size);
    }

    static FieldExpression Join(BinaryOperator with, FieldExpression? left, FieldExpression right) =>
        left is null ? right : new FieldExpression.Binary(with, left, right);

    /// <summary>The parts between operators outside of parentheses and quotes, each with whether <c>||</c> stands before it.</summary>
    static ImmutableArray<(string Text, bool IsAlternative)> Parts(string body)
    {
        var parts = ImmutableArray.CreateBuilder<(string, bool)>();
        var (start, depth, isAlternative) = (0, 0, false);
        for (var at = 0; at < body.Length; at = After(body, at))
        {
            depth = Math.Max(0, depth + (body[at] == '(' ? 1 : body[at] == ')' ? -1 : 0));
            if (depth > 0 || at + 1 == body.Length || body[at] is not ('&' or '|') || body[at + 1] != body[at])
                continue;
            parts.Add((body[start..at], isAlternative));
            isAlternative = body[at] == '|';
            start = ++at + 1;
        }

        parts.Add((body[Math.Min(start, body.Length)..], isAlternative));
        return parts.ToImmutable();
    }

    /// <summary>The place behind a character, or behind the text in quotes that it begins.</summary>
    static int After(string text, int at)
    {
        var quote = text[at];
        if (quote is not ('"' or '`'))
            return at + 1;
        for (at++; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] == '\\' && quote == '"')
                at++;
        }

        return Math.Min(at + 1, text.Length);
    }
}
