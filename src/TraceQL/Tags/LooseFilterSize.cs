using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tags;

/// <summary>Counts what conditions that are read one by one come to when they are joined, as the bounds of a query do.</summary>
sealed class LooseFilterSize
{
    readonly Problems _problems = new();
    readonly FieldCheck _fields;
    int _operators;

    public LooseFilterSize() => _fields = new FieldCheck(_problems);

    /// <summary>Whether the last one was too much: there is room for no other.</summary>
    public bool IsFull => _operators > TokenStream.OperatorsMax || _problems.First is not null;

    /// <returns>False when it is to be left out.</returns>
    public bool TryAdd(FieldExpression condition)
    {
        // One more joins it to those before it.
        _operators += OperatorsOf(condition) + 1;
        if (!IsFull)
            _fields.Check(condition);
        return !IsFull;
    }

    static int OperatorsOf(FieldExpression condition)
    {
        var count = 0;
        var rest = new Stack<FieldExpression>([condition]);
        while (rest.TryPop(out var next))
        {
            switch (next)
            {
                case FieldExpression.Binary binary:
                    count++;
                    rest.Push(binary.Left);
                    rest.Push(binary.Right);
                    break;
                case FieldExpression.Not not:
                    count++;
                    rest.Push(not.Operand);
                    break;
                case FieldExpression.Negate negate:
                    count++;
                    rest.Push(negate.Operand);
                    break;
            }
        }

        return count;
    }
}
