using System.Diagnostics.CodeAnalysis;
using System.Text;
using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Simple;

/// <summary>What a condition of the simple form means.</summary>
internal static class SimpleMeaning
{
    const string Services = "service.name";

    const string SpecialInPatterns = @"\.+*?()|[]{}^$";

    /// <summary>Keys with a meaning of their own, for those who put something else than a comparison behind them.</summary>
    static readonly string[] Known = ["service", "operation", "name", "duration", "status", "error", "kind", "trace"];

    /// <param name="error">What is wrong with the value.</param>
    public static bool TryFind(SimpleTerm term, [NotNullWhen(true)] out FieldExpression? condition, out QueryError? error)
    {
        var found = term.Key is null ? OfWord(term, out error) : Of(term, term.Key, out error);
        condition = found is null ? null : found with { At = term.At };
        return condition is not null;
    }

    /// <summary>What a key stands for when nothing is compared with it.</summary>
    public static FieldExpression FieldOf(string key) => key switch
    {
        "service" or Services => new FieldExpression.Attribute(AttributeScope.Resource, Services),
        "operation" => new FieldExpression.Field(Intrinsic.Name),
        _ when IntrinsicNames.TryFindPlain(key, out var plain) => new FieldExpression.Field(plain),
        _ when IntrinsicNames.TryFindScoped(key, out var scoped) => new FieldExpression.Field(scoped),
        _ => AttributeOf(key),
    };

    static FieldExpression.Binary? Of(SimpleTerm term, string key, out QueryError? error)
    {
        error = null;
        return term.IsKeyQuoted ? OfAttribute(term, new FieldExpression.Attribute(AttributeScope.None, key)) : key switch
        {
            "service" or Services => Compare(term, new FieldExpression.Attribute(AttributeScope.Resource, Services), Value.OfText(term.Value)),
            "operation" => OfIntrinsic(term, Intrinsic.Name, out error),
            "error" => OfError(term, out error),
            "trace" or "trace.id" or "trace_id" or "traceID" or "traceId" or "traceid" => OfIntrinsic(term, Intrinsic.TraceId, out error),
            _ when IntrinsicNames.TryFindPlain(key, out var plain) => OfIntrinsic(term, plain, out error),
            _ when IntrinsicNames.TryFindScoped(key, out var scoped) => OfIntrinsic(term, scoped, out error),
            _ => OfAttribute(term, AttributeOf(key)),
        };
    }

    static FieldExpression.Binary? OfIntrinsic(SimpleTerm term, Intrinsic intrinsic, out QueryError? error)
    {
        error = null;
        var field = new FieldExpression.Field(intrinsic);
        var type = IntrinsicNames.TypeOf(intrinsic);
        if (type == ValueType.Text)
            return Compare(term, field, Value.OfText(term.Value));
        var value = type is ValueType.Status or ValueType.Kind ? WordOf(term, type) : NumberOf(term.Value);
        if (value is { } meant && (meant.Type == type || (type == ValueType.Int && meant.Type == ValueType.Float)))
            return Compare(term, field, meant);
        error = new QueryError(term.ValueAt, $"{term.Key} is '{Shortened(term.Value)}'; expected {Expected(type, term.Value)}");
        return null;
    }

    static FieldExpression.Binary? OfError(SimpleTerm term, out QueryError? error)
    {
        error = null;
        var isTrue = term.Value.Equals("true", StringComparison.OrdinalIgnoreCase);
        var isKnown = isTrue || term.Value.Equals("false", StringComparison.OrdinalIgnoreCase);
        if (isKnown && term.Comparison is BinaryOperator.Equal or BinaryOperator.NotEqual)
        {
            var isMeant = isTrue == (term.Comparison == BinaryOperator.Equal);
            return new FieldExpression.Binary(isMeant ? BinaryOperator.Equal : BinaryOperator.NotEqual, new FieldExpression.Field(Intrinsic.Status), Constant(Value.OfStatus(StatusCode.Error)));
        }

        error = new QueryError(term.ValueAt, $"error is '{Shortened(term.Value)}'; expected error=true or error=false. What went wrong is statusMessage=~\".*text.*\"");
        return null;
    }

    /// <summary>A number, duration or truth may have been sent as such or as text; either is meant.</summary>
    static FieldExpression.Binary OfAttribute(SimpleTerm term, FieldExpression attribute)
    {
        var asText = Compare(term, attribute, Value.OfText(term.Value));
        if (term.IsQuoted || term.Comparison is BinaryOperator.Like or BinaryOperator.NotLike)
            return asText;
        if (term.Value == "nil" && term.Comparison is BinaryOperator.Equal or BinaryOperator.NotEqual)
            return Compare(term, attribute, Value.Nil);
        if ((NumberOf(term.Value) ?? TruthOf(term.Value)) is not { } value)
            return asText;
        var asIs = Compare(term, attribute, value);
        // Of values of another type even != is false: those that differ do so in one of the types.
        return term.Comparison is BinaryOperator.Equal or BinaryOperator.NotEqual ? new FieldExpression.Binary(BinaryOperator.Or, asIs, asText) : asIs;
    }

    static FieldExpression.Binary? OfWord(SimpleTerm term, out QueryError? error)
    {
        error = null;
        if (!term.IsQuoted && term.Value == "error")
            return Compare(term, new FieldExpression.Field(Intrinsic.Status), Value.OfStatus(StatusCode.Error));
        if (term.Value.Length == 32 && TraceId.TryParse(term.Value, out _))
            return Compare(term, new FieldExpression.Field(Intrinsic.TraceId), Value.OfText(term.Value));
        if (!term.IsQuoted && term.Value.IndexOf(':') is var colon and > 0 && Known.Contains(term.Value[..colon]))
        {
            error = new QueryError(term.At, $"a value is compared with =, not with a colon: {term.Value[..colon]}={Shortened(term.Value[(colon + 1)..])}; or quote it to look for it in names") { IsSyntax = true };
            return null;
        }

        var pattern = Value.OfText($"(?i).*{EscapedForPattern(term.Value)}.*");
        return new FieldExpression.Binary(
            BinaryOperator.Or, Like(new FieldExpression.Field(Intrinsic.Name), pattern), Like(new FieldExpression.Attribute(AttributeScope.Resource, Services), pattern));
    }

    static FieldExpression.Attribute AttributeOf(string key) => ScopeNames.TryFind(key, out var scope) && key.Length > ScopeNames.PrefixOf(scope).Length
        ? new FieldExpression.Attribute(scope, key[ScopeNames.PrefixOf(scope).Length..])
        : new FieldExpression.Attribute(AttributeScope.None, key);

    static FieldExpression.Binary Compare(SimpleTerm term, FieldExpression field, Value value) =>
        new(term.Comparison, field with { At = term.At }, Constant(value) with { At = term.ValueAt }) { At = term.At };

    static FieldExpression.Binary Like(FieldExpression field, Value pattern) => new(BinaryOperator.Like, field, Constant(pattern));

    static FieldExpression.Constant Constant(Value value) => new(value);

    static Value? WordOf(SimpleTerm term, ValueType type) =>
        ConstantNames.TryFind(term.Value.ToLowerInvariant(), out var value) && value.Type == type ? value : null;

    static Value? TruthOf(string text) => text is "true" or "false" ? Value.OfBool(text == "true") : null;

    /// <summary>Null for a text that is not a number or duration as a whole, as an address or a date.</summary>
    static Value? NumberOf(string text)
    {
        var isNegative = text.StartsWith('-');
        var at = isNegative ? 1 : 0;
        if (at == text.Length || !(char.IsAsciiDigit(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
            return null;
        var value = NumberText.Read(text, ref at, out var problem);
        if (problem.Length > 0 || at < text.Length)
            return null;
        return !isNegative ? value : value.Type switch
        {
            ValueType.Float => Value.OfFloat(-value.Number),
            ValueType.Duration => Value.OfDuration(-value.Int),
            _ => Value.OfInt(-value.Int),
        };
    }

    static string Expected(ValueType type, string given) => type switch
    {
        ValueType.Duration when NumberOf(given) is not null => $"a unit with the number, as in {given}ms",
        ValueType.Duration => "a duration such as 100ms, 1.5s or 1h30m",
        ValueType.Status when NumberOf(given) is not null => $"ok, error or unset; the status of HTTP is http.response.status_code={given}",
        ValueType.Status => "ok, error or unset",
        ValueType.Kind => "server, client, producer, consumer, internal or unspecified",
        ValueType.Int => "a whole number",
        _ => "something else: nobody evaluates this field yet",
    };

    static string EscapedForPattern(string text)
    {
        var pattern = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (SpecialInPatterns.Contains(character))
                pattern.Append('\\');
            pattern.Append(character);
        }

        return pattern.ToString();
    }

    static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
