using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators;

/// <summary>What <c>=</c>, <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> and <c>&gt;=</c> say of two values.</summary>
/// <remarks>
/// Nothing compares with nil, nor with a value of another type: the answer is false, for <c>!=</c> too. An array beside a single value: <c>!=</c> must hold for all
/// elements, every other operator for one. Two arrays are equal as a whole, or not, when what they hold can be compared at all; they have no order.
/// </remarks>
internal static class Comparison
{
    public static bool Holds(BinaryOperator comparison, Cell left, Cell right)
    {
        if (left.Type == ValueType.Array || right.Type == ValueType.Array)
            return HoldsForArrays(comparison, left, right);
        if (left.IsNumber && right.IsNumber)
            return left.Type == ValueType.Float || right.Type == ValueType.Float
                ? Holds(comparison, left.Number, right.Number)
                : Holds(comparison, left.Bits.CompareTo(right.Bits));
        if (left.Type != right.Type)
            return false;
        return left.Type switch
        {
            ValueType.Text => comparison is BinaryOperator.Equal or BinaryOperator.NotEqual
                ? left.Utf8.SequenceEqual(right.Utf8) == (comparison == BinaryOperator.Equal)
                : Holds(comparison, left.Utf8.SequenceCompareTo(right.Utf8)),
            ValueType.Bool or ValueType.Status or ValueType.Kind => comparison switch
            {
                BinaryOperator.Equal => left.Bits == right.Bits,
                BinaryOperator.NotEqual => left.Bits != right.Bits,
                _ => false,
            },
            _ => false,
        };
    }

    static bool HoldsForArrays(BinaryOperator comparison, Cell left, Cell right)
    {
        if (left.IsNil || right.IsNil)
            return false;
        if (left.Type == right.Type)
            return comparison == BinaryOperator.Equal ? AreEqual(left, right) : comparison == BinaryOperator.NotEqual && AreComparable(left, right) && !AreEqual(left, right);
        var (array, all) = (left.Type == ValueType.Array ? left : right, comparison == BinaryOperator.NotEqual);
        for (var index = 0; index < array.Count; index++)
        {
            var holds = left.Type == ValueType.Array ? Holds(comparison, left[index], right) : Holds(comparison, left, right[index]);
            if (holds != all)
                return holds;
        }

        return all;
    }

    // The values of one attribute are of one type.
    static bool AreComparable(Cell left, Cell right) =>
        left.Count == 0 || right.Count == 0 || left[0].Type == right[0].Type || (left[0].IsNumber && right[0].IsNumber);

    static bool AreEqual(Cell left, Cell right)
    {
        if (left.Count != right.Count)
            return false;
        for (var index = 0; index < left.Count; index++)
        {
            if (!Holds(BinaryOperator.Equal, left[index], right[index]))
                return false;
        }

        return true;
    }

    // What is not a number is neither equal to anything nor different from it.
    static bool Holds(BinaryOperator comparison, double left, double right) =>
        !double.IsNaN(left) && !double.IsNaN(right) && Holds(comparison, left.CompareTo(right));

    static bool Holds(BinaryOperator comparison, int order) => comparison switch
    {
        BinaryOperator.Equal => order == 0,
        BinaryOperator.NotEqual => order != 0,
        BinaryOperator.Less => order < 0,
        BinaryOperator.LessOrEqual => order <= 0,
        BinaryOperator.Greater => order > 0,
        BinaryOperator.GreaterOrEqual => order >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "Not a comparison."),
    };
}
