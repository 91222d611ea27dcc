using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Says of field expressions what a store can narrow by.</summary>
internal static class FieldNarrowing
{
    // Conditions within conditions; a store enters each.
    const int DepthMax = 64;

    /// <summary>Of an expression that is to be true.</summary>
    public static Narrowed Of(FieldExpression expression) => Of(expression, DepthMax);

    static Narrowed Of(FieldExpression expression, int depth) => depth == 0 ? Narrowed.Unknown : expression switch
    {
        FieldExpression.Constant { Value: var value } => value.IsTrue ? Narrowed.All : Narrowed.None,
        FieldExpression.Attribute attribute => AttributeNarrowing.Of(attribute, BinaryOperator.Equal, Value.OfBool(true)) with { IsExact = false },
        FieldExpression.Not { Operand: var operand } => IsAlwaysBool(operand) ? Of(operand, depth - 1).Complement() : Narrowed.Unknown,
        FieldExpression.Binary { Operator: BinaryOperator.And or BinaryOperator.Or } row => OfRow(row, depth - 1),
        FieldExpression.Binary binary => Of(FieldBinder.Canonical(binary)),
        _ => Narrowed.Unknown,
    };

    // a && b && c, which leans to the left: no deeper than one of its parts.
    static Narrowed OfRow(FieldExpression.Binary row, int depth)
    {
        var others = new Stack<FieldExpression>();
        FieldExpression first = row;
        while (first is FieldExpression.Binary binary && binary.Operator == row.Operator)
        {
            others.Push(binary.Right);
            first = binary.Left;
        }

        var narrowed = Of(first, depth);
        while (others.TryPop(out var other))
            narrowed = row.Operator == BinaryOperator.And ? narrowed.And(Of(other, depth)) : narrowed.Or(Of(other, depth));
        return narrowed;
    }

    static Narrowed Of(FieldExpression.Binary binary) => (binary.Operator, binary.Left, binary.Right) switch
    {
        _ when FieldBinder.AsksForRoot(binary) => Narrowed.Exactly(new SpanCondition.IsRoot()),
        (_, FieldExpression.Attribute attribute, FieldExpression.Constant constant) => AttributeNarrowing.Of(attribute, binary.Operator, constant.Value),
        (_, FieldExpression.Field { Intrinsic: var intrinsic }, FieldExpression.Constant constant) => IntrinsicNarrowing.Of(intrinsic, binary.Operator, constant.Value),
        _ => Narrowed.Unknown,
    };

    // Of anything else the complement is true where nothing is said.
    static bool IsAlwaysBool(FieldExpression expression) => expression switch
    {
        FieldExpression.Binary { Operator: <= BinaryOperator.NotLike } => true,
        FieldExpression.Not not => IsAlwaysBool(not.Operand),
        FieldExpression.Constant { Value.Type: ValueType.Bool } => true,
        _ => false,
    };
}
