using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>The ends of messages about a field that is compared with a value of another type: which values it has, and how they are written.</summary>
internal static class TypeHints
{
    /// <summary>Begins with <c>; </c>; empty where there is nothing to say.</summary>
    public static string For(FieldExpression.Binary comparison) => (comparison.Left, comparison.Right) switch
    {
        (FieldExpression.Field field, FieldExpression.Constant value) => For(field, comparison.Operator, value.Value),
        (FieldExpression.Constant { Value.Type: ValueType.Status } status, FieldExpression.Constant { Value: { Type: ValueType.Bool, IsTrue: true } }) when TypeRules.IsDefined(comparison.Operator, ValueType.Status) =>
            $"; did you mean {comparison with { Left = new FieldExpression.Field(Intrinsic.Status), Right = status }}?",
        _ => "",
    };

    /// <summary>For a filter that is a value alone.</summary>
    public static string ForFilter(FieldExpression filter) => filter switch
    {
        FieldExpression.Constant { Value.Type: ValueType.Status } status => $"; did you mean status = {status}?",
        FieldExpression.Constant { Value.Type: ValueType.Kind } kind => $"; did you mean kind = {kind}?",
        _ => "",
    };

    static string For(FieldExpression.Field field, BinaryOperator comparison, Value value)
    {
        var type = IntrinsicNames.TypeOf(field.Intrinsic);
        if (value.Type == ValueType.Text && ValueIn(value.Text) is { } meant && meant.Type == type && TypeRules.IsDefined(comparison, type))
            return $"; {field} is written without quotes: {new FieldExpression.Binary(comparison, field, new FieldExpression.Constant(meant))}";
        return type switch
        {
            ValueType.Status when value.IsNumber => $"; {field} is ok, error or unset; that of HTTP is span.http.response.status_code = {value}",
            ValueType.Status => $"; {field} is ok, error or unset, without quotes",
            ValueType.Kind => $"; {field} is server, client, producer, consumer, internal or unspecified, without quotes",
            ValueType.Duration => $"; {field} is a duration such as 100ms, 1.5s or 1h30m, without quotes",
            ValueType.Text => $"; {field} is a text, in quotes",
            ValueType.Int => $"; {field} is a whole number",
            _ => "",
        };
    }

    /// <summary>The word, number or duration that somebody put in quotes.</summary>
    static Value? ValueIn(string text)
    {
        if (ConstantNames.TryFind(text.ToLowerInvariant(), out var word))
            return word;
        if (text.Length == 0 || !char.IsAsciiDigit(text[0]))
            return null;
        var at = 0;
        var number = NumberText.Read(text, ref at, out var problem);
        return problem.Length == 0 && at == text.Length ? number : null;
    }
}
