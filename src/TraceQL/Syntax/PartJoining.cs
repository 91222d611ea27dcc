namespace Clew.TraceQL.Syntax;

/// <summary>What an operator makes of the two parts beside it, outside of braces.</summary>
sealed class PartJoining(TokenStream tokens)
{
    const BinaryOperator None = (BinaryOperator)byte.MaxValue;

    public static int PrecedenceOf(TokenKind kind) =>
        SpansetOperators.TryFind(kind, out var spanset) ? SpansetOperators.PrecedenceOf(spanset)
        : BinaryOperators.TryFind(kind, out var binary) ? BinaryOperators.PrecedenceOf(binary) : 0;

    /// <summary>Whether the part may stand to the left of the operator at all; fails if not.</summary>
    public bool CheckLeft(Part left, Token token)
    {
        var binary = BinaryOperators.TryFind(token.Kind, out var found) ? found : None;
        // Belongs to the query, not to the part: it is read behind all parts.
        if (left.Kind == PartKind.WrappedMetrics && BinaryOperators.IsComparison(binary))
            return false;
        var isSpansetOperator = SpansetOperators.TryFind(token.Kind, out _);
        var fits = left.Kind switch
        {
            PartKind.Spanset or PartKind.WrappedSpanset or PartKind.WrappedPipeline => isSpansetOperator,
            PartKind.WrappedMetrics => IsMetricsMath(binary),
            PartKind.Constant or PartKind.Scalar or PartKind.PipedScalar => binary != None && (BinaryOperators.IsArithmetic(binary) || BinaryOperators.IsComparison(binary)),
            _ => false,
        };
        if (!fits)
            tokens.FailUnexpected(token, ExpectedAfter(left));
        return fits;
    }

    public Part Join(Part left, Token token, Part right)
    {
        if (tokens.Error is not null)
            return left;
        if (left.Pipeline is not null && left.Kind != PartKind.PipedFilter)
            return JoinSpansets(left, token, right);
        _ = BinaryOperators.TryFind(token.Kind, out var binary);
        var joined = BinaryOperators.IsArithmetic(binary) ? Calculate(binary, left, token, right) : Compare(binary, left, right);
        if (joined is not null)
            return joined;
        if (left.Kind == PartKind.Constant && right.Kind == PartKind.Constant)
            tokens.Fail(token.At, $"unexpected '{Punctuation.TextOf(token.Kind)}' between two constants, expecting an aggregate such as count()");
        else
            tokens.Fail(right.At, $"unexpected {Describe(right)} after '{Punctuation.TextOf(token.Kind)}', expecting {(left.Kind == PartKind.WrappedMetrics ? "a metrics query in parentheses or a number" : "an aggregate or a number")}");
        return left;
    }

    Part JoinSpansets(Part left, Token token, Part right)
    {
        _ = SpansetOperators.TryFind(token.Kind, out var spanset);
        PartKind? kind = left.IsWrapped && right.IsWrapped
            ? left.Kind == PartKind.WrappedSpanset && right.Kind == PartKind.WrappedSpanset ? PartKind.WrappedSpanset : PartKind.WrappedPipeline
            : left.IsSpanset && right.IsSpanset ? PartKind.Spanset : null;
        if (kind is not null)
            return Part.Of(kind.Value, new PipelineStage.Combine(spanset, left.Pipeline!, right.Pipeline!) { At = left.At });
        if (right.IsWrapped || right.IsSpanset)
            tokens.Fail(token.At, $"unexpected '{Punctuation.TextOf(token.Kind)}': pipelines combine when both are in parentheses, as in ({{ }} | count() > 1) && ({{ }})");
        else
            tokens.Fail(right.At, $"unexpected {Describe(right)} after '{Punctuation.TextOf(token.Kind)}', expecting a spanset such as {{ .a = 1 }}");
        return left;
    }

    Part? Calculate(BinaryOperator binary, Part left, Token token, Part right)
    {
        if (left.Kind == PartKind.Constant && right.Kind == PartKind.Constant)
            return Fold(binary, left, token, right);
        if (AreAll(left, right, PartKind.Scalar) || (left.Kind == PartKind.PipedScalar && right.Kind == PartKind.PipedScalar))
            return new Part(left.Kind == PartKind.PipedScalar ? PartKind.PipedScalar : PartKind.Scalar, left.At)
            {
                Scalar = new ScalarExpression.Binary(binary, left.AsScalar(), right.AsScalar()) { At = left.At },
            };
        return AreAll(left, right, PartKind.WrappedMetrics) && IsMetricsMath(binary)
            ? new Part(PartKind.WrappedMetrics, left.At) { Metrics = new MetricsExpression.Math(binary, left.AsMetrics(), right.AsMetrics()) { At = left.At } }
            : null;
    }

    static bool AreAll(Part left, Part right, PartKind kind) =>
        (left.Kind == PartKind.Constant || left.Kind == kind) && (right.Kind == PartKind.Constant || right.Kind == kind);

    Part? Fold(BinaryOperator binary, Part left, Token token, Part right)
    {
        if (!IsMetricsMath(binary))
            return null;
        if (left.Value.Type == ValueType.Duration || right.Value.Type == ValueType.Duration)
            tokens.Fail(token.At, $"unexpected '{Punctuation.TextOf(token.Kind)}': durations cannot be calculated with here");
        else if (ConstantFolding.Fold(binary, left.Value, right.Value) is { } value)
            return left with { Value = value };
        else
            tokens.Fail(token.At, $"the result of '{Punctuation.TextOf(token.Kind)}' is no number");
        return left;
    }

    static Part? Compare(BinaryOperator binary, Part left, Part right)
    {
        var kind = (left.Kind, right.Kind) switch
        {
            (PartKind.Scalar, PartKind.Scalar or PartKind.Constant) or (PartKind.Constant, PartKind.Scalar) => PartKind.Step,
            (PartKind.PipedScalar, PartKind.PipedScalar or PartKind.Constant) => PartKind.PipedFilter,
            _ => PartKind.Constant,
        };
        return kind == PartKind.Constant ? null : Part.Of(kind, new PipelineStage.ScalarFilter(left.AsScalar(), binary, right.AsScalar()) { At = left.At });
    }

    static bool IsMetricsMath(BinaryOperator binary) =>
        binary is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide;

    /// <summary>What may follow a part that stands where a whole query could end.</summary>
    public static string ExpectedAfter(Part part) => part.Kind switch
    {
        PartKind.Spanset or PartKind.WrappedSpanset => "'|', an operator between spansets, or the end of the query",
        PartKind.WrappedPipeline => "another pipeline in parentheses or the end of the query: pipelines in parentheses take no further steps",
        PartKind.Scalar or PartKind.PipedScalar => "a comparison such as '> 2'",
        PartKind.Constant => "a comparison with an aggregate such as count()",
        PartKind.Metrics => "'|', a comparison such as '> 2' or the end of the query; metrics take part in arithmetic only in parentheses",
        PartKind.WrappedMetrics => "'|', '+', '-', '*', '/', a comparison such as '> 2' or the end of the query",
        PartKind.PipedFilter => "the end of the query",
        _ => "'|' or the end of the query",
    };

    public static string Describe(Part part) => part.Kind switch
    {
        PartKind.Constant => $"'{Excerpt.Of(part.Value.ToString())}'",
        PartKind.Scalar => $"'{Excerpt.Of(part.AsScalar().ToString())}'",
        PartKind.Metrics or PartKind.WrappedMetrics => "metrics query",
        PartKind.PipedScalar => "aggregate of a pipeline",
        PartKind.Spanset or PartKind.WrappedSpanset => "spanset",
        PartKind.WrappedPipeline or PartKind.Pipeline => "pipeline",
        _ => "comparison",
    };
}
