using Clew.Model;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators;

/// <summary><c>count()</c>, <c>min(x)</c>, <c>max(x)</c>, <c>sum(x)</c> and <c>avg(x)</c> of a set of spans. Spans without a number there (NaN is none) do not count, but for <c>count()</c>.</summary>
/// <param name="argument">Null for <c>count()</c>.</param>
internal sealed class SpansetAggregate(AggregateFunction function, SpanField? argument)
{
    public void Open(SpanBatch batch) => argument?.Open(batch);

    /// <returns>Nil when there is no number.</returns>
    public Cell Of(TraceView trace, List<int> rows)
    {
        if (argument is null)
            return Cell.OfInt(rows.Count);
        argument.Enter(trace);
        var (result, count) = (Cell.Nil, 0L);
        foreach (var row in rows)
        {
            if (trace.MustStop())
                return Cell.Nil;
            var cell = argument.Of(row);
            for (var index = 0; index < (cell.Type == ValueType.Array ? cell.Count : 1); index++)
            {
                var number = cell.Type == ValueType.Array ? cell[index] : cell;
                if (!number.IsNumber || double.IsNaN(number.Number) || (function is AggregateFunction.Sum or AggregateFunction.Avg && !result.IsNil && number.Type != result.Type))
                    continue;
                result = result.IsNil ? number : Join(result, number);
                count++;
            }
        }

        return function == AggregateFunction.Avg && count > 0 ? Divide(result, count) : result;
    }

    Cell Join(Cell left, Cell right) => function switch
    {
        AggregateFunction.Min => Comparison.Holds(BinaryOperator.Less, right, left) ? right : left,
        AggregateFunction.Max => Comparison.Holds(BinaryOperator.Greater, right, left) ? right : left,
        _ => left.Type switch
        {
            ValueType.Int => Cell.OfInt(unchecked(left.Bits + right.Bits)),
            ValueType.Duration => Cell.OfDuration(unchecked(left.Bits + right.Bits)),
            _ => Cell.OfFloat(left.Number + right.Number),
        },
    };

    static Cell Divide(Cell sum, long count) => sum.Type == ValueType.Duration ? Cell.OfDuration(sum.Bits / count) : Cell.OfFloat(sum.Number / count);
}
