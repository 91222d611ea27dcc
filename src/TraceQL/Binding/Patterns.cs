using System.Text.RegularExpressions;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>The regular expressions of a query that was checked, made ready.</summary>
internal static class Patterns
{
    public static Regex Of(FieldExpression expression) =>
        expression is FieldExpression.Constant { Value: { Type: ValueType.Text, Text: var text } } && Re2Pattern.TryCompile(text, out var pattern, out _)
            ? pattern
            : throw new ArgumentOutOfRangeException(nameof(expression), expression, "Not a regular expression: the query was not checked.");
}
