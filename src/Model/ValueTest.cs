namespace Clew.Model;

/// <summary>A question about one attribute value by its type: a number is never a text. Of an array, it is enough that one element satisfies it.</summary>
public abstract record ValueTest
{
    ValueTest()
    {
    }

    public abstract bool Holds(SpanBatch batch, AnyValue value);

    /// <summary>Whether all elements are of one kind, and that one can be asked for: other arrays are as good as absent.</summary>
    public static bool IsArrayOfOneKind(SpanBatch batch, AnyValue array)
    {
        var kinds = batch.Nested.Values.Kinds.Values.Slice(array.NestedStart, array.NestedCount);
        return kinds.IsEmpty || (kinds[0] is ValueKind.String or ValueKind.Bool or ValueKind.Int or ValueKind.Double && !kinds.ContainsAnyExcept(kinds[0]));
    }

    /// <summary>Of an array: any element; of everything else: the value.</summary>
    bool HoldsForAny(SpanBatch batch, AnyValue value)
    {
        if (value.Kind != ValueKind.Array)
            return HoldsForOne(batch, value);
        if (!IsArrayOfOneKind(batch, value))
            return false;
        for (var row = value.NestedStart; row < value.NestedStart + value.NestedCount; row++)
        {
            if (HoldsForOne(batch, batch.Nested.Values[row]))
                return true;
        }

        return false;
    }

    private protected abstract bool HoldsForOne(SpanBatch batch, AnyValue value);

    /// <summary>There is a value of a kind that can be asked for: a string, bool, integer, double or an array of one of them.</summary>
    public sealed record Exists : ValueTest
    {
        public override bool Holds(SpanBatch batch, AnyValue value) => value.Kind switch
        {
            ValueKind.String or ValueKind.Bool or ValueKind.Int or ValueKind.Double => true,
            ValueKind.Array => IsArrayOfOneKind(batch, value),
            _ => false,
        };

        private protected override bool HoldsForOne(SpanBatch batch, AnyValue value) => Holds(batch, value);
    }

    public sealed record Text(TextTest Test) : ValueTest
    {
        public override bool Holds(SpanBatch batch, AnyValue value) => HoldsForAny(batch, value);

        private protected override bool HoldsForOne(SpanBatch batch, AnyValue value) => value.Kind == ValueKind.String && Test.Holds(batch.Strings[value.Code]);
    }

    public sealed record Bool(bool Value) : ValueTest
    {
        public override bool Holds(SpanBatch batch, AnyValue value) => HoldsForAny(batch, value);

        private protected override bool HoldsForOne(SpanBatch batch, AnyValue value) => value.Kind == ValueKind.Bool && value.IsTrue == Value;
    }

    /// <summary>A number, integer or not, in a closed range. Integers are compared as the doubles nearest to them: who needs them exact looks again.</summary>
    public sealed record Number(double From, double To) : ValueTest
    {
        public bool Holds(double number) => number >= From && number <= To;

        public override bool Holds(SpanBatch batch, AnyValue value) => HoldsForAny(batch, value);

        private protected override bool HoldsForOne(SpanBatch batch, AnyValue value) => value.Kind switch
        {
            ValueKind.Int => Holds((double)value.Bits),
            ValueKind.Double => Holds(value.Number),
            _ => false,
        };
    }
}
