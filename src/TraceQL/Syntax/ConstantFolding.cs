namespace Clew.TraceQL.Syntax;

/// <summary>Arithmetic on constants, done while a query is read.</summary>
/// <remarks>Ints stay ints and wrap around as they do at run time; with a float or a duration the result is a float, durations counting in nanoseconds.</remarks>
static class ConstantFolding
{
    /// <summary>The result, or null where there is none: other types, a division by zero, no finite number.</summary>
    public static Value? Fold(BinaryOperator binary, Value left, Value right)
    {
        if (!BinaryOperators.IsArithmetic(binary) || !left.IsNumber || !right.IsNumber)
            return null;
        if (left.Type == ValueType.Int && right.Type == ValueType.Int)
            return FoldInts(binary, left.Int, right.Int);
        var (a, b) = (left.Number, right.Number);
        var result = binary switch
        {
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.Divide => a / b,
            BinaryOperator.Modulo => a % b,
            _ => Math.Pow(a, b),
        };
        return double.IsFinite(result) ? Value.OfFloat(result) : null;
    }

    public static Value? Negate(Value value) => value.Type switch
    {
        ValueType.Int => Value.OfInt(unchecked(-value.Int)),
        ValueType.Float => Value.OfFloat(-value.Number),
        ValueType.Duration => Value.OfDuration(unchecked(-value.Int)),
        _ => null,
    };

    static Value? FoldInts(BinaryOperator binary, long a, long b) => binary switch
    {
        BinaryOperator.Add => Value.OfInt(unchecked(a + b)),
        BinaryOperator.Subtract => Value.OfInt(unchecked(a - b)),
        BinaryOperator.Multiply => Value.OfInt(unchecked(a * b)),
        BinaryOperator.Divide or BinaryOperator.Modulo when b == 0 => null,
        // The one quotient that does not fit would throw.
        BinaryOperator.Divide => Value.OfInt(b == -1 ? unchecked(-a) : a / b),
        BinaryOperator.Modulo => Value.OfInt(b == -1 ? 0 : a % b),
        _ => b < 0 ? null : Value.OfInt(Power(a, b)),
    };

    static long Power(long number, long exponent)
    {
        var result = 1L;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = unchecked(result * number);
            number = unchecked(number * number);
        }

        return result;
    }
}
