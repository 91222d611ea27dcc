namespace Clew.TraceQL.Syntax;

/// <summary>Aggregates and time series.</summary>
sealed partial class CanonicalText
{
    void Write(ScalarExpression expression)
    {
        switch (expression)
        {
            case ScalarExpression.Constant constant:
                _text.Append(Of(constant.Value));
                break;
            case ScalarExpression.Aggregate aggregate:
                _text.Append(Aggregates.TextOf(aggregate.Function)).Append('(');
                if (aggregate.Argument is not null)
                    Write(aggregate.Argument);
                _text.Append(')');
                break;
            case ScalarExpression.Piped piped:
                _text.Append('(');
                Write(piped.Pipeline);
                _text.Append(" | ");
                Write(piped.Last);
                _text.Append(')');
                break;
            case ScalarExpression.Binary binary:
                WriteOperand(binary, binary.Left, isRight: false);
                _text.Append(' ').Append(BinaryOperators.TextOf(binary.Operator)).Append(' ');
                WriteOperand(binary, binary.Right, isRight: true);
                break;
        }
    }

    void WriteOperand(ScalarExpression.Binary binary, ScalarExpression operand, bool isRight)
    {
        var tightness = operand switch
        {
            ScalarExpression.Binary inner => BinaryOperators.PrecedenceOf(inner.Operator),
            ScalarExpression.Constant constant => TightnessOf(constant.Value),
            _ => int.MaxValue,
        };
        var isWrapped = NeedsParentheses(binary.Operator, tightness, isRight, operand is ScalarExpression.Constant);
        Wrap(isWrapped, '(');
        Write(operand);
        Wrap(isWrapped, ')');
    }

    void Write(MetricsExpression expression)
    {
        switch (expression)
        {
            case MetricsExpression.Aggregate aggregate:
                Write(aggregate);
                break;
            case MetricsExpression.Compare compare:
                Write(compare);
                break;
            case MetricsExpression.Rank rank:
                Write(rank.Of);
                _text.Append(rank.Top ? " | topk(" : " | bottomk(").Append(rank.Count).Append(')');
                break;
            case MetricsExpression.Compared compared:
                Write(compared.Of);
                _text.Append(' ').Append(BinaryOperators.TextOf(compared.Comparison)).Append(' ').Append(Of(compared.Bound));
                break;
            case MetricsExpression.Math math:
                WriteOperand(math, math.Left, isRight: false);
                _text.Append(' ').Append(BinaryOperators.TextOf(math.Operator)).Append(' ');
                WriteOperand(math, math.Right, isRight: true);
                break;
            case MetricsExpression.Number number:
                _text.Append(Of(number.Value));
                break;
        }
    }

    void Write(MetricsExpression.Aggregate aggregate)
    {
        Write(aggregate.Spans);
        _text.Append(" | ").Append(MetricsParser.TextOf(aggregate.Function)).Append('(');
        if (aggregate.Argument is not null)
            Write(aggregate.Argument);
        foreach (var quantile in aggregate.Quantiles)
            _text.Append(", ").Append(OfFloat(quantile));
        _text.Append(')');
        if (aggregate.By.IsEmpty)
            return;
        _text.Append(" by(");
        WriteList(aggregate.By, Write);
        _text.Append(')');
    }

    void Write(MetricsExpression.Compare compare)
    {
        Write(compare.Spans);
        _text.Append(" | compare(");
        Write(compare.Selection);
        var hasTimes = compare.StartNanos != 0 || compare.EndNanos != 0;
        if (hasTimes || compare.Top != MetricsParser.TopDefault)
            _text.Append(", ").Append(compare.Top);
        if (hasTimes)
            _text.Append(", ").Append(compare.StartNanos).Append(", ").Append(compare.EndNanos);
        _text.Append(')');
    }

    void WriteOperand(MetricsExpression.Math math, MetricsExpression operand, bool isRight)
    {
        var isWrapped = operand switch
        {
            MetricsExpression.Math inner => NeedsParentheses(math.Operator, BinaryOperators.PrecedenceOf(inner.Operator), isRight, isUnary: false),
            MetricsExpression.Number number => NeedsParentheses(math.Operator, TightnessOf(number.Value), isRight, isUnary: true),
            _ => true,
        };
        Wrap(isWrapped, '(');
        Write(operand);
        Wrap(isWrapped, ')');
    }
}
