namespace Clew.TraceQL.Syntax;

/// <summary>The ends of messages about what people write between braces by instinct, or out of habit from another language: how it is written here.</summary>
static class FieldHints
{
    static readonly (string Word, string Meant)[] Fields =
    [
        ("service", "resource.service.name"), ("serviceName", "resource.service.name"), ("service_name", "resource.service.name"), ("operation", "name"),
        ("traceId", "trace:id"), ("traceID", "trace:id"), ("trace_id", "trace:id"), ("spanId", "span:id"), ("spanID", "span:id"), ("span_id", "span:id"),
    ];

    static readonly string[] ConstantPrefixes = ["SPAN_KIND_", "STATUS_CODE_"];

    /// <summary>For a word that is no field.</summary>
    public static string ForField(string word)
    {
        if (word == "not")
            return "; negation is written '!'";
        if (Array.Find(Fields, field => field.Word == word) is { Meant: { } meant })
            return $"; did you mean '{meant}'?";
        if (ScopeNames.Known.Contains(word + "."))
            return $"; a dot and the name of an attribute follow it, as in {word}.http.method";
        var scoped = IntrinsicNames.Scoped.FirstOrDefault(name => name.EndsWith(":" + word, StringComparison.OrdinalIgnoreCase));
        if (scoped is not null && !IntrinsicNames.Plain.Contains(word, StringComparer.OrdinalIgnoreCase))
            return $"; did you mean '{scoped}'?";
        var hint = Suggestion.For(word, IntrinsicNames.Plain.Concat(ConstantNames.Known));
        return hint.Length > 0 ? hint : ForAttribute(word);
    }

    /// <summary>For a word behind a comparison that is no value.</summary>
    public static string ForValue(string word)
    {
        foreach (var prefix in ConstantPrefixes)
        {
            if (word.StartsWith(prefix, StringComparison.Ordinal) && ConstantNames.TryFind(word[prefix.Length..].ToLowerInvariant(), out _))
                return $"; did you mean '{word[prefix.Length..].ToLowerInvariant()}'?";
        }

        // A short word is two letters away from another short word, whatever it is.
        var known = ConstantNames.Known.Where(name => Math.Min(name.Length, word.Length) > 3 || name.Equals(word, StringComparison.OrdinalIgnoreCase) || (name == "nil" && word is "null"));
        var suggestion = Suggestion.For(word, known);
        return $"{suggestion}{(suggestion.Length > 0 ? " A" : "; a")} text stands in quotes: \"{Excerpt.Of(word)}\"";
    }

    /// <summary>For what begins as an attribute does, and has no scope.</summary>
    /// <param name="name">The attribute's name.</param>
    public static string ForAttribute(string name) => name switch
    {
        "service.name" => "; did you mean 'resource.service.name'?",
        _ when name.IndexOf('.') is var dot and > 0 && $"{name[..dot]}:{name[(dot + 1)..]}" is var scoped && IntrinsicNames.TryFindScoped(scoped, out _) => $"; did you mean '{scoped}'?",
        _ => $"; an attribute begins with a dot or a scope, as in .{Excerpt.Of(name)} or span.{Excerpt.Of(name)}",
    };

    /// <summary>For a token where an operator or the end could stand.</summary>
    public static string ForOperator(Token token) => token.Kind switch
    {
        TokenKind.Sibling => "; a regular expression is matched with '=~'",
        TokenKind.Pipe => "; 'or' is written '||'",
        TokenKind.Comma => "; 'and' is written '&&'",
        TokenKind.Literal or TokenKind.Attribute or TokenKind.Intrinsic => "; is a comparison such as '=' missing before it, or '&&'?",
        TokenKind.Identifier => ForOperator(token.Text),
        _ => "",
    };

    static string ForOperator(string word) => word.ToLowerInvariant() switch
    {
        "and" => "; it is written '&&'",
        "or" => "; it is written '||'",
        "in" => "; one of several is written =~ \"a|b\"",
        "is" or "exists" => "; what is there is written != nil, what is not there = nil",
        "like" or "contains" or "matches" or "startswith" or "endswith" => "; a part of a text is matched with =~ \".*part.*\"",
        "y" or "w" or "d" or "h" or "m" or "s" or "ms" or "us" or "ns" => $"; a duration has no blank in it, as in 100{word}",
        _ => "",
    };
}
