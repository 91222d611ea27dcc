using System.Collections.Immutable;

namespace Clew.TraceQL.Syntax;

/// <summary>Reads what makes time series of a pipeline's spans, and what is done with them.</summary>
sealed class MetricsParser(TokenStream tokens, FieldParser fields, PartParser parts)
{
    /// <summary>How many values <c>compare</c> keeps of each attribute when the query does not say.</summary>
    public const int TopDefault = 10;

    // In the order of the enumeration.
    static readonly string[] Names =
        ["rate", "count_over_time", "min_over_time", "max_over_time", "sum_over_time", "avg_over_time", "histogram_over_time", "quantile_over_time"];

    public static IEnumerable<string> Functions => Names.Append("compare");

    public static string TextOf(MetricsFunction function) => Names[(int)function];

    public bool IsAtFunction => tokens.Current.Kind == TokenKind.Identifier && Functions.Contains(tokens.Current.Text);

    public MetricsExpression Read(Pipeline spans)
    {
        var token = tokens.Take();
        tokens.Expect(TokenKind.OpenParen);
        if (token.Text == "compare")
            return ReadCompare(spans, token.At);
        var function = (MetricsFunction)Array.IndexOf(Names, token.Text);
        var argument = function <= MetricsFunction.CountOverTime ? null : fields.ReadAttribute();
        var quantiles = function == MetricsFunction.QuantileOverTime ? ReadQuantiles() : [];
        tokens.Expect(TokenKind.CloseParen);
        return new MetricsExpression.Aggregate(spans, function, argument, quantiles, ReadBy()) { At = token.At };
    }

    ImmutableArray<double> ReadQuantiles()
    {
        var quantiles = ImmutableArray.CreateBuilder<double>();
        tokens.Expect(TokenKind.Comma);
        do
        {
            if (tokens.Current is { Kind: TokenKind.Literal, Value.Type: ValueType.Int or ValueType.Float })
                quantiles.Add(tokens.Take().Value.Number);
            else
                tokens.FailUnexpected("a quantile, a number from 0 to 1");
        }
        while (tokens.TryTake(TokenKind.Comma));
        return quantiles.ToImmutable();
    }

    ImmutableArray<FieldExpression> ReadBy()
    {
        if (!tokens.Current.IsIdentifier("by"))
            return [];
        tokens.Advance();
        tokens.Expect(TokenKind.OpenParen);
        var by = fields.ReadAttributes();
        tokens.Expect(TokenKind.CloseParen);
        return by;
    }

    MetricsExpression.Compare ReadCompare(Pipeline spans, TextPosition at)
    {
        var selection = parts.ReadFilter();
        long top = TopDefault, start = 0, end = 0;
        if (tokens.TryTake(TokenKind.Comma))
            top = ReadInt("how many values to keep of each attribute");
        if (tokens.Current.Kind == TokenKind.Comma)
        {
            tokens.Advance();
            var startAt = tokens.Current.At;
            start = ReadInt("when the selection begins, in Unix nanoseconds");
            tokens.Expect(TokenKind.Comma);
            end = ReadInt("when the selection ends, in Unix nanoseconds");
            if (start == 0)
                tokens.Fail(startAt, "the selection of compare() must begin after 0, in Unix nanoseconds");
        }

        tokens.Expect(TokenKind.CloseParen);
        return new MetricsExpression.Compare(spans, selection, (int)Math.Min(top, int.MaxValue), start, end) { At = at };
    }

    /// <summary>What is done with time series: <c>| topk(3)</c>, <c>&gt; 2</c>.</summary>
    public MetricsExpression ReadSecondStages(MetricsExpression metrics)
    {
        while (true)
        {
            var token = tokens.Current;
            if (BinaryOperators.TryFind(token.Kind, out var comparison) && BinaryOperators.IsComparison(comparison))
            {
                tokens.CountOuterOperator(token.At);
                tokens.Advance();
                metrics = ReadComparison(metrics, comparison, token);
            }
            else if (token.Kind == TokenKind.Pipe)
            {
                tokens.CountOuterOperator(token.At);
                tokens.Advance();
                metrics = ReadRank(metrics);
            }
            else
            {
                return metrics;
            }
        }
    }

    MetricsExpression.Compared ReadComparison(MetricsExpression of, BinaryOperator comparison, Token token)
    {
        if (tokens.Current is { Kind: TokenKind.Literal, Value.IsNumber: false } or { Kind: TokenKind.End })
            tokens.FailUnexpected("a number or a duration");
        var bound = parts.ReadPart(BinaryOperators.Adding);
        if (bound.Kind != PartKind.Constant)
            tokens.Fail(bound.At, $"unexpected {PartJoining.Describe(bound)} after '{Punctuation.TextOf(token.Kind)}', expecting a number or a duration");
        return new MetricsExpression.Compared(of, comparison, bound.Value) { At = token.At };
    }

    MetricsExpression ReadRank(MetricsExpression of)
    {
        var token = tokens.Current;
        if (!token.IsIdentifier("topk") && !token.IsIdentifier("bottomk"))
        {
            tokens.FailUnexpected("topk or bottomk" + HintFor(token));
            return of;
        }

        tokens.Advance();
        tokens.Expect(TokenKind.OpenParen);
        var countAt = tokens.Current.At;
        var count = ReadInt("how many series to keep, an integer");
        if (count > int.MaxValue)
            tokens.Fail(countAt, $"{count} is too large: at most {int.MaxValue}");
        tokens.Expect(TokenKind.CloseParen);
        return new MetricsExpression.Rank(of, token.Text == "topk", (int)Math.Min(count, int.MaxValue)) { At = token.At };
    }

    static string HintFor(Token token)
    {
        if (BinaryOperators.TryFind(token.Kind, out var binary) && BinaryOperators.IsComparison(binary))
            return "; a comparison stands without '|', as in rate() > 2";
        return token.Kind == TokenKind.Identifier ? Suggestion.For(token.Text, ["topk", "bottomk"]) : "";
    }

    long ReadInt(string expecting)
    {
        if (tokens.Current is { Kind: TokenKind.Literal, Value.Type: ValueType.Int })
            return tokens.Take().Value.Int;
        tokens.FailUnexpected(expecting);
        return 0;
    }
}
