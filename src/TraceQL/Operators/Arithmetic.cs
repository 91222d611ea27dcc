using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators;

/// <summary>What <c>+ - * / % ^</c> make of two numbers; of anything else they make nil.</summary>
/// <remarks>Two Ints stay Int, and have no quotient by zero: stored data never turns a valid query into an error. With a Float or a Duration the result is a Float, by IEEE 754.</remarks>
internal static class Arithmetic
{
    public static Cell Of(BinaryOperator calculation, Cell left, Cell right)
    {
        if (!left.IsNumber || !right.IsNumber)
            return Cell.Nil;
        return left.Type == ValueType.Int && right.Type == ValueType.Int
            ? OfInts(calculation, left.Bits, right.Bits)
            : Cell.OfFloat(OfFloats(calculation, left.Number, right.Number));
    }

    public static double OfFloats(BinaryOperator calculation, double left, double right) => calculation switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        BinaryOperator.Modulo => left % right,
        BinaryOperator.Power => Math.Pow(left, right),
        _ => throw new ArgumentOutOfRangeException(nameof(calculation), calculation, "Not an arithmetic operator."),
    };

    static Cell OfInts(BinaryOperator calculation, long left, long right) => unchecked(calculation switch
    {
        BinaryOperator.Add => Cell.OfInt(left + right),
        BinaryOperator.Subtract => Cell.OfInt(left - right),
        BinaryOperator.Multiply => Cell.OfInt(left * right),
        BinaryOperator.Divide or BinaryOperator.Modulo when right == 0 => Cell.Nil,
        // The one quotient that does not fit, and whose remainder the processor refuses to tell.
        BinaryOperator.Divide when right == -1 => Cell.OfInt(-left),
        BinaryOperator.Modulo when right == -1 => Cell.OfInt(0),
        BinaryOperator.Divide => Cell.OfInt(left / right),
        BinaryOperator.Modulo => Cell.OfInt(left % right),
        BinaryOperator.Power => Power(left, right),
        _ => throw new ArgumentOutOfRangeException(nameof(calculation), calculation, "Not an arithmetic operator."),
    });

    static Cell Power(long number, long exponent)
    {
        if (exponent < 0)
        {
            return number switch
            {
                0 => Cell.Nil,
                1 => Cell.OfInt(1),
                -1 => Cell.OfInt(exponent % 2 == 0 ? 1 : -1),
                _ => Cell.OfInt(0),
            };
        }

        var power = 1L;
        for (; exponent > 0; exponent >>= 1, number = unchecked(number * number))
        {
            if ((exponent & 1) != 0)
                power = unchecked(power * number);
        }

        return Cell.OfInt(power);
    }
}
