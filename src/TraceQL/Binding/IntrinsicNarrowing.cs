using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Says of comparisons of intrinsics with constants what a store can narrow by.</summary>
internal static class IntrinsicNarrowing
{
    public static Narrowed Of(Intrinsic intrinsic, BinaryOperator comparison, Value value) => (intrinsic, value.Type) switch
    {
        (Intrinsic.Duration, ValueType.Int or ValueType.Duration) => OfDuration(comparison, value.Int),
        (Intrinsic.Duration, ValueType.Float) => OfDuration(comparison, value.Number),
        (Intrinsic.Name, ValueType.Text) => OfName(comparison, value),
        (Intrinsic.Status, ValueType.Status) => Equality(comparison, new SpanCondition.StatusIs(value.Status)),
        (Intrinsic.Kind, ValueType.Kind) => Equality(comparison, new SpanCondition.KindIs(value.Kind)),
        _ => Narrowed.Unknown,
    };

    static Narrowed Equality(BinaryOperator comparison, SpanCondition condition) => comparison switch
    {
        BinaryOperator.Equal => Narrowed.Exactly(condition),
        BinaryOperator.NotEqual => Narrowed.Exactly(new SpanCondition.Not(condition)),
        _ => Narrowed.Unknown,
    };

    // A duration is no less than nothing, and no more than the longest that can be written.
    static Narrowed OfDuration(BinaryOperator comparison, long nanos) => comparison switch
    {
        BinaryOperator.Equal => nanos < 0 ? Narrowed.None : Between((ulong)nanos, nanos == long.MaxValue ? ulong.MaxValue : (ulong)nanos),
        BinaryOperator.NotEqual => OfDuration(BinaryOperator.Equal, nanos).Complement(),
        BinaryOperator.Greater => nanos < 0 ? Narrowed.All : nanos == long.MaxValue ? Narrowed.None : Between((ulong)nanos + 1, ulong.MaxValue),
        BinaryOperator.GreaterOrEqual => nanos <= 0 ? Narrowed.All : Between((ulong)nanos, ulong.MaxValue),
        BinaryOperator.Less => nanos <= 0 ? Narrowed.None : Between(0, (ulong)nanos - 1),
        BinaryOperator.LessOrEqual => nanos < 0 ? Narrowed.None : nanos == long.MaxValue ? Narrowed.All : Between(0, (ulong)nanos),
        _ => Narrowed.Unknown,
    };

    static Narrowed OfDuration(BinaryOperator comparison, double nanos)
    {
        // Beyond, numbers and durations are no longer the same when rounded.
        if (!(Math.Abs(nanos) < 1L << 53))
            return Narrowed.Unknown;
        var whole = Math.Floor(nanos);
        return comparison switch
        {
            _ when whole == nanos => OfDuration(comparison, (long)nanos),
            BinaryOperator.Equal => Narrowed.None,
            BinaryOperator.NotEqual => Narrowed.All,
            BinaryOperator.Less or BinaryOperator.LessOrEqual => OfDuration(BinaryOperator.LessOrEqual, (long)whole),
            _ => OfDuration(BinaryOperator.Greater, (long)whole),
        };
    }

    static Narrowed Between(ulong from, ulong to) => Narrowed.Exactly(new SpanCondition.DurationBetween(from, to));

    static Narrowed OfName(BinaryOperator comparison, Value name) => comparison switch
    {
        BinaryOperator.Equal or BinaryOperator.NotEqual => Equality(comparison, new SpanCondition.NameIs(name.Text)),
        BinaryOperator.Like => Narrowed.Exactly(new SpanCondition.NameMatches(new TextTest.Like(Patterns.Of(new FieldExpression.Constant(name))))),
        BinaryOperator.NotLike => OfName(BinaryOperator.Like, name).Complement(),
        _ => AttributeNarrowing.OrderOf(comparison, name.Text) is { } test ? Narrowed.AtLeast(new SpanCondition.NameMatches(test)) : Narrowed.Unknown,
    };
}
