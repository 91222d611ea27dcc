using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Says of field expressions what a store can narrow by.</summary>
internal static class FieldNarrowing
{
    /// <summary>Of an expression that is to be true.</summary>
    public static Narrowed Of(FieldExpression expression) => expression switch
    {
        FieldExpression.Constant { Value: var value } => value.IsTrue ? Narrowed.All : Narrowed.None,
        FieldExpression.Attribute attribute => AttributeNarrowing.Of(attribute, BinaryOperator.Equal, Value.OfBool(true)) with { IsExact = false },
        FieldExpression.Not { Operand: var operand } => IsAlwaysBool(operand) ? Of(operand).Complement() : Narrowed.Unknown,
        FieldExpression.Binary binary => Of(FieldBinder.Canonical(binary)),
        _ => Narrowed.Unknown,
    };

    static Narrowed Of(FieldExpression.Binary binary) => (binary.Operator, binary.Left, binary.Right) switch
    {
        (BinaryOperator.And, _, _) => Of(binary.Left).And(Of(binary.Right)),
        (BinaryOperator.Or, _, _) => Of(binary.Left).Or(Of(binary.Right)),
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
