using System.Collections.Immutable;

namespace Clew.TraceQL.Syntax;

/// <summary>Reads what stands outside of braces: spansets, pipelines, aggregates, and what combines them.</summary>
/// <remarks>What a parenthesis holds shows only behind it, so one routine reads all, and <see cref="PartKind"/> tells what may meet what.</remarks>
sealed class PartParser
{
    const string Element = "'{', '(', an aggregate such as count(), by, coalesce or select";

    static readonly string[] Steps = ["by", "coalesce", "select"];

    readonly TokenStream _tokens;
    readonly FieldParser _fields;
    readonly PartJoining _joining;
    readonly MetricsParser _metrics;

    public PartParser(TokenStream tokens, FieldParser fields)
    {
        (_tokens, _fields, _joining) = (tokens, fields, new PartJoining(tokens));
        _metrics = new MetricsParser(tokens, fields, this);
    }

    /// <summary>A whole query, hints aside.</summary>
    public Part ReadQuery()
    {
        var part = ReadSteps(inParentheses: false);
        return part.Kind == PartKind.WrappedMetrics ? part with { Metrics = _metrics.ReadSecondStages(part.Metrics!) } : part;
    }

    /// <summary>An element, and those behind it.</summary>
    Part ReadSteps(bool inParentheses)
    {
        if (_tokens.Current.IsIdentifier("coalesce"))
            _tokens.FailUnexpected("a spanset: coalesce() has nothing before it to merge");
        var first = ReadElement();
        if (_tokens.Current.Kind != TokenKind.Pipe || first.Kind == PartKind.WrappedMetrics)
            return first;
        if (!first.IsSpanset && first.Kind != PartKind.Step)
        {
            _tokens.FailUnexpected(PartJoining.ExpectedAfter(first));
            return first;
        }

        var stages = ImmutableArray.CreateBuilder<PipelineStage>();
        stages.Add(first.Pipeline!.Stages[0]);
        while (_tokens.TryTake(TokenKind.Pipe))
        {
            if (_metrics.IsAtFunction)
                return new Part(PartKind.Metrics, first.At) { Metrics = _metrics.ReadSecondStages(_metrics.Read(new Pipeline(stages.ToImmutable()))) };
            var next = ReadElement();
            if (next.IsSpanset || next.Kind == PartKind.Step)
                stages.Add(next.Pipeline!.Stages[0]);
            else
                return ReadLast(next, new Pipeline(stages.ToImmutable()), inParentheses);
        }

        return new Part(PartKind.Pipeline, first.At) { Pipeline = new Pipeline(stages.ToImmutable()) };
    }

    /// <summary>Behind an element that is no step: in parentheses an aggregate may end a pipeline.</summary>
    Part ReadLast(Part last, Pipeline before, bool inParentheses)
    {
        if (inParentheses && last.Scalar is ScalarExpression.Aggregate aggregate && _tokens.Current.Kind == TokenKind.CloseParen)
            return new Part(PartKind.PipedScalar, last.At) { Scalar = new ScalarExpression.Piped(before, aggregate) { At = last.At } };
        _tokens.FailUnexpected(last.Kind is PartKind.WrappedPipeline or PartKind.WrappedMetrics or PartKind.PipedFilter
            ? "the end: a pipeline in parentheses is no step of another" : PartJoining.ExpectedAfter(last));
        return last;
    }

    Part ReadElement()
    {
        var token = _tokens.Current;
        if (token.Kind != TokenKind.Identifier || !Steps.Contains(token.Text))
            return ReadPart(BinaryOperators.Loosest);
        _tokens.Advance();
        _tokens.Expect(TokenKind.OpenParen);
        PipelineStage stage = token.Text switch
        {
            "by" => new PipelineStage.GroupBy(_fields.ReadExpression()) { At = token.At },
            "select" => new PipelineStage.Select(_fields.ReadAttributes()) { At = token.At },
            _ => new PipelineStage.Coalesce { At = token.At },
        };
        if (stage is PipelineStage.GroupBy)
            _fields.ExpectClosing(TokenKind.CloseParen);
        else
            _tokens.Expect(TokenKind.CloseParen);
        return Part.Of(PartKind.Step, stage);
    }

    /// <summary>Operands and the operators between them that bind at least as tightly as asked.</summary>
    public Part ReadPart(int tightness)
    {
        var left = ReadOperand();
        while (PartJoining.PrecedenceOf(_tokens.Current.Kind) is var precedence && precedence >= tightness)
        {
            var token = _tokens.Current;
            if (!_joining.CheckLeft(left, token))
                break;
            _tokens.CountOuterOperator(token.At);
            _tokens.Enter();
            _tokens.Advance();
            var right = ReadPart(token.Kind == TokenKind.Power ? precedence : precedence + 1);
            _tokens.Leave();
            left = _joining.Join(left, token, right);
        }

        return left;
    }

    Part ReadOperand()
    {
        var token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.OpenBrace:
                return Part.Of(PartKind.Spanset, ReadFilter());
            case TokenKind.OpenParen:
                return ReadParenthesis();
            case TokenKind.Subtract:
                return ReadNegated();
            case TokenKind.Identifier when Aggregates.TryFind(token.Text, out var function):
                return ReadAggregate(function);
            case TokenKind.Literal or TokenKind.Identifier when _fields.TryReadConstant(out var value):
                if (!value.IsNumber)
                    _tokens.FailUnexpected(token, Element);
                return new Part(PartKind.Constant, token.At) { Value = value };
            default:
                _tokens.FailUnexpected(Element + HintFor(token));
                return new Part(PartKind.Constant, token.At);
        }
    }

    static string HintFor(Token token)
    {
        if (token.Kind is TokenKind.Attribute or TokenKind.Intrinsic || (token.Kind == TokenKind.Identifier && IntrinsicNames.TryFindPlain(token.Text, out _)))
            return "; conditions on spans stand in braces, as in { .a = 1 }";
        if (token.Kind == TokenKind.Identifier && token.Text is ['p' or 'P', _, _] && token.Text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
            return $"; percentiles are quantile_over_time(duration, .{token.Text.AsSpan(1)})";
        if (token.Kind == TokenKind.Identifier && MetricsParser.Functions.Contains(token.Text))
            return $"; time series are made of spans, as in {{ }} | {token.Text}({(token.Text is "rate" or "count_over_time" ? "" : "…")})";
        return token.Kind == TokenKind.Identifier ? Suggestion.For(token.Text, Steps.Concat(Aggregates.Known).Concat(MetricsParser.Functions)) : "";
    }

    public PipelineStage.Filter ReadFilter()
    {
        var at = _tokens.Current.At;
        _tokens.Expect(TokenKind.OpenBrace);
        if (_tokens.TryTake(TokenKind.CloseBrace))
            return new PipelineStage.Filter(new FieldExpression.Constant(Value.OfBool(true)) { At = at }) { At = at };
        var expression = _fields.ReadExpression();
        _fields.ExpectClosing(TokenKind.CloseBrace);
        return new PipelineStage.Filter(expression) { At = at };
    }

    Part ReadNegated()
    {
        var at = _tokens.Current.At;
        _tokens.CountOuterOperator(at);
        _tokens.Enter();
        _tokens.Advance();
        var operand = ReadPart(BinaryOperators.Adding + 1);
        _tokens.Leave();
        if (operand.Kind == PartKind.Constant && ConstantFolding.Negate(operand.Value) is { } value)
            return new Part(PartKind.Constant, at) { Value = value };
        _tokens.Fail(operand.At, $"unexpected {PartJoining.Describe(operand)} after '-', expecting a number or a duration");
        return operand;
    }

    Part ReadAggregate(AggregateFunction function)
    {
        var at = _tokens.Take().At;
        _tokens.Expect(TokenKind.OpenParen);
        FieldExpression? argument = null;
        if (function == AggregateFunction.Count)
        {
            _tokens.Expect(TokenKind.CloseParen);
        }
        else
        {
            argument = _fields.ReadExpression();
            _fields.ExpectClosing(TokenKind.CloseParen);
        }

        return new Part(PartKind.Scalar, at) { Scalar = new ScalarExpression.Aggregate(function, argument) { At = at } };
    }

    Part ReadParenthesis()
    {
        var at = _tokens.Current.At;
        _tokens.Enter();
        _tokens.Advance();
        var inner = ReadSteps(inParentheses: true) with { At = at };
        if (!_tokens.TryTake(TokenKind.CloseParen))
            _tokens.FailUnexpected("')'");
        _tokens.Leave();
        switch (inner.Kind)
        {
            case PartKind.Spanset:
                return inner with { Kind = PartKind.WrappedSpanset };
            case PartKind.Step or PartKind.Pipeline:
                return inner with { Kind = PartKind.WrappedPipeline };
            case PartKind.Metrics:
                return inner with { Kind = PartKind.WrappedMetrics };
            case PartKind.PipedFilter:
                _tokens.Fail(inner.At, "a comparison of pipelines in parentheses cannot be in parentheses itself");
                return inner;
            default:
                return inner;
        }
    }
}
