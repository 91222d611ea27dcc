using Clew.Model;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Makes field expressions ready to be worked out.</summary>
internal static class FieldBinder
{
    public static SpanField Bind(FieldExpression expression)
    {
        // Operators in a row lean to the left, and may be as many as a query has: they are walked, not entered.
        var row = new Stack<FieldExpression.Binary>();
        while (expression is FieldExpression.Binary binary)
        {
            row.Push(binary = Canonical(binary));
            expression = binary.Left;
        }

        var field = BindOperand(expression);
        while (row.TryPop(out var binary))
            field = Join(binary, field);
        return field;
    }

    static SpanField BindOperand(FieldExpression expression) => expression switch
    {
        FieldExpression.Constant constant => new ConstantField(constant.Value),
        FieldExpression.Attribute attribute => AttributeField.Of(attribute.Scope, attribute.Name),
        FieldExpression.Field { Intrinsic: var intrinsic } => Intrinsics.NeedTrace(intrinsic) ? new TraceIntrinsic(intrinsic) : new SpanIntrinsic(intrinsic),
        FieldExpression.Negate negate => new NegateField(Bind(negate.Operand)),
        FieldExpression.Not not => new NotField(Bind(not.Operand)),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "An expression without a meaning."),
    };

    /// <summary>A constant on the left means the same as on the right; an id is written in full.</summary>
    public static FieldExpression.Binary Canonical(FieldExpression.Binary binary)
    {
        if (binary is { Left: FieldExpression.Constant, Right: not FieldExpression.Constant } && Mirrored(binary.Operator) is { } mirrored)
            binary = binary with { Operator = mirrored, Left = binary.Right, Right = binary.Left };
        return binary is { Left: FieldExpression.Field { Intrinsic: var intrinsic }, Right: FieldExpression.Constant { Value: { Type: ValueType.Text } value } constant }
            && binary.Operator is not (BinaryOperator.Like or BinaryOperator.NotLike)
            ? binary with { Right = constant with { Value = InFull(intrinsic, value) } }
            : binary;
    }

    /// <summary>Whether a comparison asks only whether the span is a root.</summary>
    public static bool AsksForRoot(FieldExpression.Binary binary) => (binary.Left, binary.Operator, binary.Right) switch
    {
        (FieldExpression.Field { Intrinsic: Intrinsic.NestedSetParent }, BinaryOperator.Less, FieldExpression.Constant { Value: { Type: ValueType.Int, Int: 0 } }) => true,
        (FieldExpression.Field { Intrinsic: Intrinsic.NestedSetParent }, BinaryOperator.Equal, FieldExpression.Constant { Value: { Type: ValueType.Int, Int: -1 } }) => true,
        (FieldExpression.Field { Intrinsic: Intrinsic.ParentId }, BinaryOperator.Equal, FieldExpression.Constant { Value: { Type: ValueType.Text, Text: "" } }) => true,
        _ => false,
    };

    static SpanField Join(FieldExpression.Binary binary, SpanField left) => binary.Operator switch
    {
        _ when AsksForRoot(binary) => new RootField(),
        BinaryOperator.And => new AndField(left, Bind(binary.Right)),
        BinaryOperator.Or => new OrField(left, Bind(binary.Right)),
        BinaryOperator.Like or BinaryOperator.NotLike =>
            new LikeField(left, Patterns.Of(binary.Right), binary.Operator == BinaryOperator.Like),
        // Nothing is nil, and nothing is not, where nothing is asked about.
        BinaryOperator.Equal or BinaryOperator.NotEqual when IsNil(binary.Left) && IsNil(binary.Right) => new ConstantField(Value.OfBool(false)),
        BinaryOperator.Equal or BinaryOperator.NotEqual when IsNil(binary.Right) =>
            new NilField(left, binary.Operator == BinaryOperator.Equal),
        BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual =>
            new ComparisonField(binary.Operator, left, Bind(binary.Right)),
        _ => new ArithmeticField(binary.Operator, left, Bind(binary.Right)),
    };

    static bool IsNil(FieldExpression expression) => expression is FieldExpression.Constant { Value.IsNil: true };

    static BinaryOperator? Mirrored(BinaryOperator comparison) => comparison switch
    {
        BinaryOperator.Equal or BinaryOperator.NotEqual => comparison,
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => null,
    };

    // Ids match with their leading zeros, written or not, in either case.
    static Value InFull(Intrinsic intrinsic, Value value) => intrinsic switch
    {
        Intrinsic.SpanId or Intrinsic.ParentId or Intrinsic.LinkSpanId when value.Text.Length > 0 && SpanId.TryParse(value.Text, out var id) => Value.OfText(id.ToString()),
        Intrinsic.TraceId or Intrinsic.LinkTraceId when value.Text.Length > 0 && TraceId.TryParse(value.Text, out var id) => Value.OfText(id.ToString()),
        _ => value,
    };
}
