using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Which types operators take. Null is the type of what only a span can tell, as of any attribute: it passes.</summary>
static class TypeRules
{
    public static bool IsNumber(ValueType? type) => type is ValueType.Int or ValueType.Float or ValueType.Duration;

    /// <summary>Whether values of the two can be compared or calculated with each other at all.</summary>
    public static bool Match(ValueType? left, ValueType? right) =>
        left is null or ValueType.Nil || right is null or ValueType.Nil || left == right || (IsNumber(left) && IsNumber(right));

    /// <summary>Whether an operator is defined for an operand of a type.</summary>
    public static bool IsDefined(BinaryOperator binary, ValueType? type) => type switch
    {
        null => true,
        ValueType.Bool => binary is BinaryOperator.And or BinaryOperator.Or or BinaryOperator.Equal or BinaryOperator.NotEqual,
        ValueType.Int or ValueType.Float or ValueType.Duration => BinaryOperators.IsArithmetic(binary) || BinaryOperators.IsComparison(binary),
        ValueType.Text => BinaryOperators.IsComparison(binary) || binary is BinaryOperator.Like or BinaryOperator.NotLike,
        _ => binary is BinaryOperator.Equal or BinaryOperator.NotEqual,
    };
}
