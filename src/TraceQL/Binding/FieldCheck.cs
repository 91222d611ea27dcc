using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>Finds what is wrong with an expression over one span.</summary>
sealed class FieldCheck(Problems problems)
{
    /// <summary>Of all patterns of a query, their repetitions written out.</summary>
    const int PatternSizeMax = 5 * Re2Pattern.SizeMax;

    int _patternSize;

    /// <summary>Returns the expression's type, null where only the span can tell, as with any attribute.</summary>
    public ValueType? Check(FieldExpression expression)
    {
        switch (expression)
        {
            case FieldExpression.Constant constant:
                return constant.Value.Type;
            case FieldExpression.Attribute { Scope: AttributeScope.Parent or AttributeScope.ParentSpan or AttributeScope.ParentResource }:
                problems.Report(expression.At, "attributes of the parent are not yet supported", expression);
                return null;
            case FieldExpression.Field field:
                if (field.Intrinsic == Intrinsic.Parent)
                    problems.Report(field.At, "intrinsic not yet supported", field);
                return IntrinsicNames.TypeOf(field.Intrinsic);
            case FieldExpression.Negate negate:
                return CheckUnary(negate, Check(negate.Operand));
            case FieldExpression.Not not:
                if (Check(not.Operand) is not (null or ValueType.Bool))
                    problems.Report(not.At, "illegal operation for the given type, expecting a condition after '!'", not);
                return ValueType.Bool;
            case FieldExpression.Binary binary:
                return CheckChain(binary);
            default:
                return null;
        }
    }

    /// <summary>Whether the value can differ from span to span.</summary>
    public static bool ReferencesSpan(FieldExpression expression)
    {
        while (true)
        {
            switch (expression)
            {
                case FieldExpression.Attribute or FieldExpression.Field:
                    return true;
                case FieldExpression.Negate negate:
                    expression = negate.Operand;
                    break;
                case FieldExpression.Not not:
                    expression = not.Operand;
                    break;
                case FieldExpression.Binary binary when !ReferencesSpan(binary.Right):
                    expression = binary.Left;
                    break;
                default:
                    return expression is FieldExpression.Binary;
            }
        }
    }

    /// <summary>Down to the first operand and up again without recursion: a chain of operators may be a thousand long.</summary>
    ValueType? CheckChain(FieldExpression.Binary last)
    {
        var chain = new Stack<FieldExpression.Binary>();
        FieldExpression first = last;
        for (; first is FieldExpression.Binary next; first = next.Left)
            chain.Push(next);
        var type = Check(first);
        while (chain.TryPop(out var next))
            type = CheckBinary(next, type, Check(next.Right));
        return type;
    }

    ValueType? CheckUnary(FieldExpression.Negate negate, ValueType? operand)
    {
        if (operand is not null && !TypeRules.IsNumber(operand))
            problems.Report(negate.At, "illegal operation for the given type, expecting a number or a duration after '-'", negate);
        return operand;
    }

    ValueType? CheckBinary(FieldExpression.Binary binary, ValueType? left, ValueType? right)
    {
        var isPattern = binary.Operator is BinaryOperator.Like or BinaryOperator.NotLike;
        if (isPattern && binary.Right is not FieldExpression.Constant { Value.Type: ValueType.Text })
            problems.Report(binary.Right.At, "a regular expression must be a string", binary);
        else if (!TypeRules.Match(left, right))
            problems.Report(binary.At, "binary operations must operate on the same type", binary, TypeHints.For(binary));
        else if (!TypeRules.IsDefined(binary.Operator, left) || !TypeRules.IsDefined(binary.Operator, right))
            problems.Report(binary.At, "illegal operation for the given types", binary);
        else if (isPattern)
            CheckPattern(binary.Right.At, ((FieldExpression.Constant)binary.Right).Value);
        CheckAbsence(binary, binary.Left, binary.Right);
        CheckAbsence(binary, binary.Right, binary.Left);
        return BinaryOperators.IsLogical(binary.Operator) ? ValueType.Bool : left ?? right;
    }

    void CheckPattern(TextPosition at, Value pattern)
    {
        if (problems.First is not null)
            return;
        if (!Re2Pattern.TryCompile(pattern.Text, out _, out var size, out var problem))
            problems.Report(at, $"invalid regular expression, {problem}", pattern);
        else if ((_patternSize += size) > PatternSizeMax)
            problems.Report(at, $"the regular expressions of the query are longer than {PatternSizeMax} together, with their repetitions written out", pattern);
    }

    /// <summary>What every span has is never absent.</summary>
    void CheckAbsence(FieldExpression.Binary binary, FieldExpression what, FieldExpression nil)
    {
        var isAbsence = binary.Operator == BinaryOperator.Equal && nil is FieldExpression.Constant { Value.IsNil: true };
        if (isAbsence && what is FieldExpression.Field or FieldExpression.Attribute { Scope: AttributeScope.Resource, Name: "service.name" })
            problems.Report(binary.At, "illegal operation, what every span has is never nil", binary);
    }
}
