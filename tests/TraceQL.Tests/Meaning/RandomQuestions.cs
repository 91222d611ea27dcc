using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Queries with a meaning, over what <see cref="RandomTraces"/> has, so that many find something.</summary>
sealed class RandomQuestions(Random random)
{
    static readonly Intrinsic[] Intrinsics = [.. Enum.GetValues<Intrinsic>().Where(intrinsic => intrinsic != Intrinsic.Parent)];
    static readonly AttributeScope[] Scopes = [AttributeScope.None, AttributeScope.None, AttributeScope.Span, AttributeScope.Span, AttributeScope.Resource, AttributeScope.Event, AttributeScope.Link, AttributeScope.Instrumentation];

    public Query Search() => Checked(() => new Query(Pipeline(2), null, []));

    public Query Metrics() => Checked(() => new Query(null, Series(2), []));

    public PipelineStage.Filter Filter() => new(Condition(random.Next(4)));

    public Pipeline Pipeline(int depth)
    {
        var stages = new List<PipelineStage> { Spanset(random.Next(depth + 1)) };
        while (random.Next(3) == 0)
            stages.Add(Step());
        return new Pipeline([.. stages]);
    }

    static Query Checked(Func<Query> next)
    {
        while (true)
        {
            var query = next();
            if (QueryCheck.Find(query) is null)
                return query;
        }
    }

    T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    T Any<T>()
        where T : struct, Enum => Pick(Enum.GetValues<T>());

    PipelineStage Spanset(int depth) => depth > 0 && random.Next(2) == 0
        ? new PipelineStage.Combine(Any<SpansetOperator>(), Side(depth - 1), Side(depth - 1)) : Filter();

    Pipeline Side(int depth) => random.Next(8) == 0 ? Pipeline(depth) : new Pipeline([Spanset(depth)]);

    PipelineStage Step() => random.Next(6) switch
    {
        0 or 1 => new PipelineStage.GroupBy(random.Next(3) == 0 ? Condition(1) : random.Next(3) == 0 ? Number(1) : Field()),
        2 => new PipelineStage.Coalesce(),
        3 or 4 => Aggregate(),
        _ => Spanset(1),
    };

    PipelineStage.ScalarFilter Aggregate()
    {
        var function = Any<AggregateFunction>();
        FieldExpression? argument = function == AggregateFunction.Count ? null : random.Next(2) == 0 ? Field() : Number(1);
        return new(new ScalarExpression.Aggregate(function, argument), Comparison(), new ScalarExpression.Constant(NumberValue()));
    }

    FieldExpression Field() => random.Next(3) == 0
        ? new FieldExpression.Field(Pick(Intrinsics)) : new FieldExpression.Attribute(Pick(Scopes), random.Next(12) == 0 ? "service.name" : Pick(RandomTraces.Keys));

    FieldExpression Condition(int depth)
    {
        if (depth > 0 && random.Next(3) != 0)
        {
            return random.Next(5) switch
            {
                0 => new FieldExpression.Not(Condition(depth - 1)),
                1 or 2 => new FieldExpression.Binary(BinaryOperator.Or, Condition(depth - 1), Condition(depth - 1)),
                _ => new FieldExpression.Binary(BinaryOperator.And, Condition(depth - 1), Condition(depth - 1)),
            };
        }

        return random.Next(12) switch
        {
            0 => new FieldExpression.Attribute(Pick(Scopes), Pick(RandomTraces.Keys)),
            1 => new FieldExpression.Constant(Value.OfBool(random.Next(3) != 0)),
            2 => Binary(Number(2), Number(1)),
            3 => Binary(Field(), Field()),
            4 => new FieldExpression.Binary(random.Next(2) == 0 ? BinaryOperator.Like : BinaryOperator.NotLike, Field(), new FieldExpression.Constant(Value.OfText(Pick("pa.*", "get|pay", ".*", "p", "", "0+1")))),
            5 => new FieldExpression.Binary(random.Next(2) == 0 ? BinaryOperator.Equal : BinaryOperator.NotEqual, Field(), new FieldExpression.Constant(Value.Nil)),
            6 => new FieldExpression.Binary(random.Next(2) == 0 ? BinaryOperator.Equal : BinaryOperator.NotEqual, Condition(0), Condition(0)),
            _ => AgainstConstant(),
        };
    }

    FieldExpression.Binary Binary(FieldExpression left, FieldExpression right) => new(Comparison(), left, right);

    FieldExpression.Binary AgainstConstant()
    {
        var field = Field();
        var constant = new FieldExpression.Constant(field is FieldExpression.Field { Intrinsic: var intrinsic } ? ValueFor(intrinsic) : AnyValue());
        return random.Next(5) == 0 ? Binary(constant, field) : Binary(field, constant);
    }

    FieldExpression Number(int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
            return random.Next(3) == 0 ? new FieldExpression.Constant(NumberValue()) : Field();
        return random.Next(5) == 0 ? new FieldExpression.Negate(Number(depth - 1)) : new FieldExpression.Binary(
            Pick(BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply, BinaryOperator.Divide, BinaryOperator.Modulo, BinaryOperator.Power), Number(depth - 1), Number(depth - 1));
    }

    BinaryOperator Comparison() =>
        Pick(BinaryOperator.Equal, BinaryOperator.Equal, BinaryOperator.NotEqual, BinaryOperator.Less, BinaryOperator.LessOrEqual, BinaryOperator.Greater, BinaryOperator.GreaterOrEqual);

    Value NumberValue() => random.Next(6) switch
    {
        0 => Value.OfFloat(Pick(0.0, 0.5, 1.0, 1.5, 2.0, -1.0, 5e8, 1_000_000_000.5)),
        1 => Value.OfDuration(Pick(0L, 1, 3, 500_000_000, 1_000_000_000, 2_500_000_000)),
        2 => Value.OfInt(Pick(9_007_199_254_740_992, 9_007_199_254_740_993, -1, 1_000_000_000)),
        _ => Value.OfInt(random.Next(-1, 5)),
    };

    Value AnyValue() => random.Next(7) switch
    {
        0 or 1 => Value.OfText(Pick([.. RandomTraces.Names, "", "shop"])),
        2 => Value.OfBool(random.Next(2) == 0),
        3 => random.Next(2) == 0 ? Value.OfStatus(Any<StatusCode>()) : Value.OfKind(Any<SpanKind>()),
        _ => NumberValue(),
    };

    Value ValueFor(Intrinsic intrinsic) => IntrinsicNames.TypeOf(intrinsic) switch
    {
        ValueType.Status => Value.OfStatus(Any<StatusCode>()),
        ValueType.Kind => Value.OfKind(Any<SpanKind>()),
        ValueType.Int or ValueType.Duration => NumberValue(),
        _ => Value.OfText(intrinsic switch
        {
            Intrinsic.SpanId or Intrinsic.ParentId or Intrinsic.LinkSpanId => Pick("1", "2", "0000000000000003", "", "DEAD", "x"),
            Intrinsic.TraceId or Intrinsic.LinkTraceId => Pick("1", "2", "00000000000000010000000000000001", "10000000000000002", "", "x"),
            Intrinsic.InstrumentationName or Intrinsic.InstrumentationVersion => Pick("", "lib", "1"),
            _ => Pick([.. RandomTraces.Names, "", "shop", "missing-service-name"]),
        }),
    };

    MetricsExpression Series(int depth)
    {
        MetricsExpression series = depth > 0 && random.Next(4) == 0
            ? new MetricsExpression.Math(Pick(BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply, BinaryOperator.Divide), MathOperand(depth), Series(depth - 1))
            : Counted();
        while (random.Next(5) == 0)
        {
            series = random.Next(2) == 0
                ? new MetricsExpression.Rank(series, random.Next(2) == 0, random.Next(1, 4)) : new MetricsExpression.Compared(series, Comparison(), NumberValue());
        }

        return series;
    }

    MetricsExpression MathOperand(int depth) => random.Next(3) == 0 ? new MetricsExpression.Number(NumberValue()) : Series(depth - 1);

    MetricsExpression.Aggregate Counted()
    {
        var function = Any<MetricsFunction>();
        return new MetricsExpression.Aggregate(
            Pipeline(random.Next(2)), function, function <= MetricsFunction.CountOverTime ? null : random.Next(3) == 0 ? new FieldExpression.Field(Intrinsic.Duration) : Field(),
            function == MetricsFunction.QuantileOverTime ? Pick<ImmutableArray<double>>([0.5], [0, 1], [0.9, 0.99]) : [],
            random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Field()).DistinctBy(field => field.ToString())]);
    }
}
