using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests;

/// <summary>Any tree the grammar has, whether or not it means something.</summary>
sealed class RandomQueries(Random random)
{
    const string NameLetters = "abcxyzABC0189._-+/%*:\"\\ \t\n{}()=~!<>&|^,#[]éß世`'";
    const string TextLetters = "abc xyz\"\\`\n\r\t\0\u0007\u0085/*é世'{}";

    public Query Query()
    {
        var hints = Several(random.Next(3), () => new Hint(Identifier(), Unsigned()));
        return random.Next(5) switch
        {
            0 => new Query(null, SecondStages(Metrics(), isMathAllowed: true), hints),
            1 => new Query(null, SecondStages(Math(2), isMathAllowed: true), hints),
            2 => new Query(new Pipeline([Wrapped(2)]), null, hints),
            3 => new Query(new Pipeline([PipedFilter()]), null, hints),
            _ => new Query(Pipeline(3), null, hints),
        };
    }

    T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    T Any<T>()
        where T : struct, Enum => Pick(Enum.GetValues<T>());

    static ImmutableArray<T> Several<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];

    string Letters(string letters, int min, int max) =>
        new([.. Enumerable.Range(0, random.Next(min, max)).Select(_ => letters[random.Next(letters.Length)])]);

    string Identifier() => Pick("exemplars", "sample", "most_recent", "with", "by", "x1", "_y", "true", "ünï");

    Value Number() => random.Next(8) switch
    {
        0 => Value.OfInt(Pick(0, 1, -1, long.MaxValue, long.MinValue, -long.MaxValue)),
        1 or 2 => Value.OfInt(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(63)),
        3 => Value.OfFloat(Pick(0.0, -0.0, 1, -1, double.MaxValue, double.Epsilon, -1e300, 0.1, 1e15, 1e17)),
        4 => Value.OfFloat((random.NextDouble() - 0.5) * System.Math.Pow(10, random.Next(-20, 20))),
        _ => Value.OfDuration((random.NextInt64() >> random.Next(63)) * Pick(1, -1)),
    };

    Value Unsigned()
    {
        while (true)
        {
            var value = Any();
            if (!value.IsNumber || value == Value.OfInt(long.MinValue) || !double.IsNegative(value.Number))
                return value;
        }
    }

    Value Any() => random.Next(7) switch
    {
        0 or 1 => Number(),
        2 => Value.OfText(Letters(TextLetters, 0, 6)),
        3 => Value.OfBool(random.Next(2) == 0),
        4 => Value.OfStatus(Any<StatusCode>()),
        5 => Value.OfKind(Any<SpanKind>()),
        _ => Value.Nil,
    };

    FieldExpression Attribute() => random.Next(3) == 0
        ? new FieldExpression.Field(Any<Intrinsic>())
        : new FieldExpression.Attribute(Any<AttributeScope>(), Pick("a", "http.method", "span.a", "resource.a", "parent.b", "5", Letters(NameLetters, 1, 6)));

    FieldExpression Field(int depth)
    {
        while (depth > 0 && random.Next(4) != 0)
        {
            FieldExpression made = random.Next(6) switch
            {
                0 => new FieldExpression.Negate(Field(depth - 1)),
                1 => new FieldExpression.Not(Field(depth - 1)),
                _ => new FieldExpression.Binary(Any<BinaryOperator>(), Field(depth - 1), Field(depth - 1)),
            };
            if (!WouldBeFolded(made))
                return made;
        }

        return random.Next(3) == 0 ? new FieldExpression.Constant(Any()) : Attribute();
    }

    static bool WouldBeFolded(FieldExpression expression) => expression switch
    {
        FieldExpression.Negate { Operand: FieldExpression.Constant constant } => ConstantFolding.Negate(constant.Value) is not null,
        FieldExpression.Binary { Left: FieldExpression.Constant left, Right: FieldExpression.Constant right } binary =>
            ConstantFolding.Fold(binary.Operator, left.Value, right.Value) is not null,
        _ => false,
    };

    BinaryOperator Comparison() =>
        Pick(BinaryOperator.Equal, BinaryOperator.NotEqual, BinaryOperator.Less, BinaryOperator.LessOrEqual, BinaryOperator.Greater, BinaryOperator.GreaterOrEqual);

    BinaryOperator Arithmetic() =>
        Pick(BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply, BinaryOperator.Divide, BinaryOperator.Modulo, BinaryOperator.Power);

    PipelineStage.Filter Filter() => new(Field(4));

    PipelineStage Spanset(int depth) => depth > 0 && random.Next(2) == 0
        ? new PipelineStage.Combine(Any<SpansetOperator>(), new Pipeline([Spanset(depth - 1)]), new Pipeline([Spanset(depth - 1)]))
        : Filter();

    /// <summary>Pipelines in parentheses: at least one that is not only spansets.</summary>
    PipelineStage.Combine Wrapped(int depth)
    {
        var one = new Pipeline([Spanset(2), Step(), .. Several(random.Next(2), Step)]);
        var other = random.Next(3) switch
        {
            0 when depth > 0 => new Pipeline([Wrapped(depth - 1)]),
            1 => Pipeline(1),
            _ => new Pipeline([Spanset(2)]),
        };
        return random.Next(2) == 0 ? new(Any<SpansetOperator>(), one, other) : new(Any<SpansetOperator>(), other, one);
    }

    PipelineStage Step() => random.Next(5) switch
    {
        0 => new PipelineStage.GroupBy(Field(2)),
        1 => new PipelineStage.Select(Several(random.Next(1, 4), Attribute)),
        2 => new PipelineStage.Coalesce(),
        3 => ScalarFilter(),
        _ => Spanset(1),
    };

    Pipeline Pipeline(int depth)
    {
        PipelineStage first = random.Next(3) == 0 ? ScalarFilter() : Spanset(depth);
        return new Pipeline([first, .. Several(random.Next(3), Step)]);
    }

    ScalarExpression.Aggregate Aggregate()
    {
        var function = Any<AggregateFunction>();
        return new(function, function == AggregateFunction.Count ? null : Field(2));
    }

    ScalarExpression Scalar(int depth)
    {
        if (depth == 0 || random.Next(2) == 0)
            return Aggregate();
        var (left, right) = (ScalarOrNumber(depth - 1), ScalarOrNumber(depth - 1));
        return new ScalarExpression.Binary(Arithmetic(), left, left is ScalarExpression.Constant && right is ScalarExpression.Constant ? Scalar(depth - 1) : right);
    }

    ScalarExpression ScalarOrNumber(int depth) => random.Next(3) == 0 ? new ScalarExpression.Constant(Number()) : Scalar(depth);

    PipelineStage.ScalarFilter ScalarFilter() => random.Next(4) == 0
        ? new(new ScalarExpression.Constant(Number()), Comparison(), Scalar(2)) : new(Scalar(2), Comparison(), ScalarOrNumber(2));

    ScalarExpression Piped(int depth) => depth > 0 && random.Next(3) == 0
        ? new ScalarExpression.Binary(Arithmetic(), Piped(depth - 1), Piped(depth - 1)) : new ScalarExpression.Piped(Pipeline(1), Aggregate());

    PipelineStage.ScalarFilter PipedFilter() => new(Piped(2), Comparison(), random.Next(2) == 0 ? Piped(2) : new ScalarExpression.Constant(Number()));

    MetricsExpression Metrics()
    {
        if (random.Next(5) == 0)
        {
            var hasTimes = random.Next(2) == 0;
            return new MetricsExpression.Compare(Pipeline(1), Filter(), Pick(10, 0, random.Next()), hasTimes ? random.NextInt64(1, long.MaxValue) : 0, hasTimes ? random.NextInt64() : 0);
        }

        var function = Any<MetricsFunction>();
        return new MetricsExpression.Aggregate(
            Pipeline(1), function, function <= MetricsFunction.CountOverTime ? null : Attribute(),
            function == MetricsFunction.QuantileOverTime ? Several(random.Next(1, 4), random.NextDouble) : [],
            random.Next(2) == 0 ? [] : Several(random.Next(1, 4), Attribute));
    }

    MetricsExpression SecondStages(MetricsExpression metrics, bool isMathAllowed)
    {
        if (metrics is MetricsExpression.Math && !isMathAllowed)
            return metrics;
        for (var count = random.Next(3); count > 0; count--)
        {
            metrics = random.Next(2) == 0
                ? new MetricsExpression.Rank(metrics, random.Next(2) == 0, random.Next(5)) : new MetricsExpression.Compared(metrics, Comparison(), Number());
        }

        return metrics;
    }

    MetricsExpression.Math Math(int depth)
    {
        var (left, right) = (MathOperand(depth), MathOperand(depth));
        if (left is MetricsExpression.Number && right is MetricsExpression.Number)
            right = Metrics();
        return new(Pick(BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply, BinaryOperator.Divide), left, right);
    }

    MetricsExpression MathOperand(int depth) => random.Next(3) switch
    {
        0 => new MetricsExpression.Number(Number()),
        1 when depth > 0 => Math(depth - 1),
        _ => SecondStages(Metrics(), isMathAllowed: false),
    };
}
