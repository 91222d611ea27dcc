using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Clew.Model;

namespace Clew.TraceQL.Syntax;

/// <summary>Writes a query so that reading it again gives the same query; parentheses stand only where they are needed, and where "and" meets "or": they bind alike, which few expect.</summary>
/// <remarks>Intrinsics have their short names, strings stand in backquotes, attributes in quotes where they must. Labels of time series are made of this.</remarks>
/// <param name="isClear">Whether the parentheses are written that only people need.</param>
sealed partial class CanonicalText(bool isClear)
{
    // Inside of more, no more help to anybody; and a text must not need more than are read.
    const int ClearDepthMax = 16;

    readonly StringBuilder _text = new();
    int _depth;
    int _deepest;

    public static string Of(Query query) => Of(writer => writer.Write(query));

    public static string Of(Pipeline pipeline) => Of(writer => writer.Write(pipeline));

    public static string Of(PipelineStage stage) => Of(writer => writer.Write(stage));

    public static string Of(FieldExpression expression) => Of(writer => writer.Write(expression));

    public static string Of(ScalarExpression expression) => Of(writer => writer.Write(expression));

    public static string Of(MetricsExpression expression) => Of(writer => writer.Write(expression));

    static string Of(Action<CanonicalText> write)
    {
        var writer = new CanonicalText(isClear: true);
        write(writer);
        if (writer._deepest > ClearDepthMax)
        {
            writer = new CanonicalText(isClear: false);
            write(writer);
        }

        return writer._text.ToString();
    }

    public static string Of(Value value) => value.Type switch
    {
        ValueType.Nil => "nil",
        ValueType.Int => value.Int == long.MinValue ? "minInt" : value.Int.ToString(CultureInfo.InvariantCulture),
        ValueType.Float => OfFloat(value.Number),
        ValueType.Duration => GoDuration.Format(value.Int),
        ValueType.Text => StringText.Write(value.Text),
        ValueType.Bool => value.IsTrue ? "true" : "false",
        ValueType.Status => ConstantNames.TextOf(value.Status),
        ValueType.Kind => ConstantNames.TextOf(value.Kind),
        _ => $"[{string.Join(", ", value.Elements)}]",
    };

    // A float stays one when it is read again.
    static string OfFloat(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(number) && !text.AsSpan().ContainsAny('.', 'E') ? text + ".0" : text;
    }

    void Write(Query query)
    {
        if (query.Metrics is not null)
            Write(query.Metrics);
        else if (query.Spans is not null)
            Write(query.Spans);
        if (query.Hints.IsDefaultOrEmpty)
            return;
        _text.Append(" with (");
        WriteList(query.Hints, hint => _text.Append(hint.Name).Append(" = ").Append(hint.Value.ToString()));
        _text.Append(')');
    }

    void Write(Pipeline pipeline) => WriteList(pipeline.Stages, Write, " | ");

    void Write(PipelineStage stage)
    {
        switch (stage)
        {
            case PipelineStage.Filter filter:
                _text.Append("{ ");
                Write(filter.Expression);
                _text.Append(" }");
                break;
            case PipelineStage.Combine combine:
                Write(combine);
                break;
            case PipelineStage.ScalarFilter filter:
                Write(filter.Left);
                _text.Append(' ').Append(BinaryOperators.TextOf(filter.Comparison)).Append(' ');
                Write(filter.Right);
                break;
            case PipelineStage.GroupBy group:
                _text.Append("by(");
                Write(group.Expression);
                _text.Append(')');
                break;
            case PipelineStage.Select select:
                _text.Append("select(");
                WriteList(select.Fields, Write);
                _text.Append(')');
                break;
            default:
                _text.Append("coalesce()");
                break;
        }
    }

    void Write(PipelineStage.Combine combine)
    {
        var isOfSpansets = IsSpanset(combine);
        WriteOperand(combine, combine.Left, isRight: false, isOfSpansets);
        _text.Append(' ').Append(SpansetOperators.TextOf(combine.Operator)).Append(' ');
        WriteOperand(combine, combine.Right, isRight: true, isOfSpansets);
    }

    // Of pipelines each stands in parentheses, except combinations of such that would be read the same way without.
    void WriteOperand(PipelineStage.Combine combine, Pipeline operand, bool isRight, bool isOfSpansets)
    {
        var isBare = operand.Stages is [PipelineStage.Filter] && isOfSpansets;
        if (operand.Stages is [PipelineStage.Combine inner] && IsSpanset(inner) == isOfSpansets)
        {
            var (inside, outside) = (SpansetOperators.PrecedenceOf(inner.Operator), SpansetOperators.PrecedenceOf(combine.Operator));
            isBare = (isRight ? inside > outside : inside >= outside) && !(isClear && IsMixed(inner.Operator, combine.Operator));
        }

        Wrap(!isBare, '(');
        Write(operand);
        Wrap(!isBare, ')');
    }

    static bool IsMixed(SpansetOperator inside, SpansetOperator outside) =>
        (inside, outside) is (SpansetOperator.And, SpansetOperator.Or) or (SpansetOperator.Or, SpansetOperator.And);

    static bool IsSpanset(Pipeline pipeline) => pipeline.Stages is [var stage] && IsSpanset(stage);

    static bool IsSpanset(PipelineStage stage) =>
        stage is PipelineStage.Filter || (stage is PipelineStage.Combine combine && IsSpanset(combine.Left) && IsSpanset(combine.Right));

    void Write(FieldExpression expression)
    {
        switch (expression)
        {
            case FieldExpression.Constant constant:
                _text.Append(Of(constant.Value));
                break;
            case FieldExpression.Attribute attribute:
                _text.Append(ScopeNames.PrefixOf(attribute.Scope)).Append(AttributeName.Write(attribute.Scope, attribute.Name));
                break;
            case FieldExpression.Field field:
                _text.Append(IntrinsicNames.TextOf(field.Intrinsic));
                break;
            case FieldExpression.Negate negate:
                WriteUnary('-', negate.Operand);
                break;
            case FieldExpression.Not not:
                WriteUnary('!', not.Operand);
                break;
            case FieldExpression.Binary binary:
                WriteChain(binary);
                break;
        }
    }

    void WriteUnary(char sign, FieldExpression operand)
    {
        var isWrapped = operand is FieldExpression.Binary;
        _text.Append(sign);
        Wrap(isWrapped, '(');
        Write(operand);
        Wrap(isWrapped, ')');
    }

    // Down to the first operand and up again without recursion: a chain of operators may be a thousand long.
    void WriteChain(FieldExpression.Binary last)
    {
        var chain = new Stack<FieldExpression.Binary>();
        FieldExpression first = last;
        for (; first is FieldExpression.Binary next; first = next.Left)
        {
            chain.Push(next);
            Wrap(IsWrapped(next, next.Left, isRight: false), '(');
        }

        Write(first);
        while (chain.TryPop(out var next))
        {
            Wrap(IsWrapped(next, next.Left, isRight: false), ')');
            _text.Append(' ').Append(BinaryOperators.TextOf(next.Operator)).Append(' ');
            var isRightWrapped = IsWrapped(next, next.Right, isRight: true);
            Wrap(isRightWrapped, '(');
            Write(next.Right);
            Wrap(isRightWrapped, ')');
        }
    }

    bool IsWrapped(FieldExpression.Binary binary, FieldExpression operand, bool isRight)
    {
        if (isClear && operand is FieldExpression.Binary { Operator: var inside } && (inside, binary.Operator) is (BinaryOperator.And, BinaryOperator.Or) or (BinaryOperator.Or, BinaryOperator.And))
            return true;
        var tightness = operand switch
        {
            FieldExpression.Binary inner => BinaryOperators.PrecedenceOf(inner.Operator),
            FieldExpression.Negate => BinaryOperators.Adding,
            FieldExpression.Not => BinaryOperators.Inverting,
            FieldExpression.Constant { Value: var value } => TightnessOf(value),
            _ => int.MaxValue,
        };
        // A sign or a '!' to the right begins something new: nothing before it can be taken for its own.
        return NeedsParentheses(binary.Operator, tightness, isRight, isUnary: operand is not FieldExpression.Binary);
    }

    /// <summary>Whether an operand that binds as tightly as this would be torn apart by its operator.</summary>
    static bool NeedsParentheses(BinaryOperator outer, int tightness, bool isRight, bool isUnary)
    {
        var precedence = BinaryOperators.PrecedenceOf(outer);
        if (tightness != precedence || isUnary)
            return tightness < precedence;
        return isRight != BinaryOperators.IsRightAssociative(outer);
    }

    // -1 is read like any other sign: -1 * .a is -(1 * .a).
    static int TightnessOf(Value value) =>
        value.IsNumber && value.Number < 0 && !(value.Type == ValueType.Int && value.Int == long.MinValue) ? BinaryOperators.Adding
        : value.Type == ValueType.Float && double.IsNegative(value.Number) ? BinaryOperators.Adding : int.MaxValue;

    void Wrap(bool isWrapped, char parenthesis)
    {
        if (!isWrapped)
            return;
        _text.Append(parenthesis);
        _depth += parenthesis == '(' ? 1 : -1;
        _deepest = Math.Max(_deepest, _depth);
    }

    void WriteList<T>(ImmutableArray<T> items, Action<T> write, string separator = ", ")
    {
        for (var at = 0; at < items.Length; at++)
        {
            if (at > 0)
                _text.Append(separator);
            write(items[at]);
        }
    }
}
