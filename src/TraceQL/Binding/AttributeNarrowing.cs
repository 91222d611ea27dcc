using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Says of comparisons of attributes with constants what a store can narrow by.</summary>
internal static class AttributeNarrowing
{
    public static Narrowed Of(FieldExpression.Attribute attribute, BinaryOperator comparison, Value value)
    {
        if (OwnersOf(attribute.Scope) is not { } owners)
            return Narrowed.Unknown;
        var narrowed = Of(new Asked(attribute.Name, owners), comparison, value);
        // Of .x the span's value hides the resource's, which a store does not know: only whether there is one at all is the same question for both.
        return attribute.Scope == AttributeScope.None && !value.IsNil ? narrowed with { IsExact = false } : narrowed;
    }

    /// <summary>The texts that compare so, and the bound itself; null for what is no comparison of order.</summary>
    public static TextTest? OrderOf(BinaryOperator comparison, string bound) => comparison switch
    {
        BinaryOperator.Less or BinaryOperator.LessOrEqual => new TextTest.Between(null, bound),
        BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => new TextTest.Between(bound, null),
        _ => null,
    };

    static Narrowed Of(Asked asked, BinaryOperator comparison, Value value) => (comparison, value.Type) switch
    {
        (BinaryOperator.Equal, ValueType.Nil) => Narrowed.Exactly(new SpanCondition.Not(asked.Is(new ValueTest.Exists()))),
        (BinaryOperator.NotEqual, ValueType.Nil) => Narrowed.Exactly(asked.Is(new ValueTest.Exists())),
        // All elements of an array must differ, and a value of another type differs from nothing: worked out for what is there.
        (BinaryOperator.NotEqual or BinaryOperator.NotLike, _) => Narrowed.AtLeast(asked.Is(new ValueTest.Exists())),
        (BinaryOperator.Equal, ValueType.Text) => Narrowed.Exactly(asked.Is(new ValueTest.Text(new TextTest.Is(value.Text)))),
        (BinaryOperator.Like, ValueType.Text) => Narrowed.Exactly(asked.Is(new ValueTest.Text(new TextTest.Like(Patterns.Of(new FieldExpression.Constant(value)))))),
        (_, ValueType.Text) => OrderOf(comparison, value.Text) is { } test ? Narrowed.AtLeast(asked.Is(new ValueTest.Text(test))) : Narrowed.Unknown,
        (BinaryOperator.Equal, ValueType.Bool) => Narrowed.Exactly(asked.Is(new ValueTest.Bool(value.IsTrue))),
        (_, ValueType.Int or ValueType.Float or ValueType.Duration) => OfNumber(asked, comparison, value.Number),
        // No attribute is a status or a kind.
        (_, ValueType.Status or ValueType.Kind) => Narrowed.None,
        _ => Narrowed.Unknown,
    };

    static Narrowed OfNumber(Asked asked, BinaryOperator comparison, double number)
    {
        ValueTest.Number? test = comparison switch
        {
            BinaryOperator.Equal => new ValueTest.Number(number, number),
            BinaryOperator.Less => new ValueTest.Number(double.NegativeInfinity, double.BitDecrement(number)),
            BinaryOperator.LessOrEqual => new ValueTest.Number(double.NegativeInfinity, number),
            BinaryOperator.Greater => new ValueTest.Number(double.BitIncrement(number), double.PositiveInfinity),
            BinaryOperator.GreaterOrEqual => new ValueTest.Number(number, double.PositiveInfinity),
            _ => null,
        };
        if (test is null)
            return Narrowed.Unknown;
        // Integers that a double does not tell apart are told apart when the expression is worked out; until then the bound is no bound but a neighbourhood.
        return Math.Abs(number) < 1L << 53
            ? Narrowed.Exactly(asked.Is(test))
            : Narrowed.AtLeast(asked.Is(new ValueTest.Number(double.BitDecrement(test.From), double.BitIncrement(test.To))));
    }

    static AttributeOwners? OwnersOf(AttributeScope scope) => scope switch
    {
        AttributeScope.None => AttributeOwners.Span | AttributeOwners.Resource,
        AttributeScope.Span => AttributeOwners.Span,
        AttributeScope.Resource => AttributeOwners.Resource,
        AttributeScope.Event => AttributeOwners.Event,
        AttributeScope.Link => AttributeOwners.Link,
        AttributeScope.Instrumentation => AttributeOwners.Scope,
        _ => null,
    };

    readonly record struct Asked(string Key, AttributeOwners Owners)
    {
        public SpanCondition.AttributeMatches Is(ValueTest test) => new SpanCondition.AttributeMatches(Key, test, Owners);
    }
}
