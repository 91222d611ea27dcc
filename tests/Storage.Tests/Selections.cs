using System.Text.RegularExpressions;
using Clew.Model;

namespace Clew.Storage.Tests;

/// <summary>Selections over the values that <see cref="Batches"/> draws from, and the answer that testing every span gives.</summary>
internal static class Selections
{
    static readonly string[] Texts = ["text-3", "text-4", "text-5", "text-11", "größer ☃ 𝄞", "", "service.name", "true", "false", "no such text", "[]", "{}", "NaN", "missing-service-name"];

    public static SpanSelection Random(Random random)
    {
        var conditions = new List<SpanCondition>();
        for (var count = random.Next(4); count > 0; count--)
            conditions.Add(Condition(random, 0));
        return new SpanSelection(Range(random), [.. conditions]);
    }

    /// <summary>The newest traces of all spans, by brute force.</summary>
    public static IReadOnlyList<TraceMatch> Newest(IEnumerable<SpanBatch> batches, SpanSelection selection, int countMax)
    {
        var newest = new Dictionary<TraceId, UnixNanos>();
        foreach (var batch in batches)
        {
            var matcher = new SpanMatcher(selection, batch);
            for (var row = 0; row < batch.SpanCount; row++)
            {
                var (id, start) = (batch.Spans.TraceIds[row], batch.Spans.Starts[row]);
                if (matcher.CanMatch && matcher.Matches(row) && (!newest.TryGetValue(id, out var known) || known < start))
                    newest[id] = start;
            }
        }

        return [.. newest.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(countMax).Select(pair => new TraceMatch(pair.Key, pair.Value))];
    }

    /// <summary>A selection for people, down to the last condition.</summary>
    public static string Text(SpanSelection selection) => $"{selection.Starts}, {string.Join(" and ", selection.Conditions.Select(Text))}";

    static string Text(SpanCondition condition) => condition switch
    {
        SpanCondition.AllOf all => $"all of ({string.Join(", ", all.Conditions.Select(Text))})",
        SpanCondition.AnyOf any => $"any of ({string.Join(", ", any.Conditions.Select(Text))})",
        SpanCondition.Not not => $"not {Text(not.Condition)}",
        _ => $"{condition}",
    };

    static SpanCondition Condition(Random random, int depth) => random.Next(depth < 2 ? 15 : 11) switch
    {
        0 => new SpanCondition.ServiceIs(Text(random)),
        1 => new SpanCondition.NameIs(Text(random)),
        2 => new SpanCondition.KindIs((SpanKind)random.Next(6)),
        3 => new SpanCondition.StatusIs((StatusCode)random.Next(3)),
        4 => new SpanCondition.DurationBetween(random.Next(2) == 0 ? 0 : (ulong)random.Next(500_000), random.Next(2) == 0 ? ulong.MaxValue : (ulong)random.Next(1_000_000)),
        5 or 6 => new SpanCondition.AttributeIs(Text(random), Text(random), (AttributeOwners)random.Next(1, 32)),
        7 or 8 => new SpanCondition.AttributeMatches(Text(random), Test(random), (AttributeOwners)random.Next(1, 32)),
        9 => new SpanCondition.NameMatches(TextTest(random)),
        10 => new SpanCondition.IsRoot(),
        11 => new SpanCondition.AllOf([.. Enumerable.Range(0, random.Next(4)).Select(_ => Condition(random, depth + 1))]),
        12 => new SpanCondition.AnyOf([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Condition(random, depth + 1))]),
        _ => new SpanCondition.Not(Condition(random, depth + 1)),
    };

    static ValueTest Test(Random random) => random.Next(6) switch
    {
        0 => new ValueTest.Exists(),
        1 => new ValueTest.Bool(random.Next(2) == 0),
        2 => new ValueTest.Number(Number(random), Number(random)),
        3 => new ValueTest.Number(random.Next(2) == 0 ? double.NegativeInfinity : Number(random), double.PositiveInfinity),
        _ => new ValueTest.Text(TextTest(random)),
    };

    static double Number(Random random) => random.Next(5) switch
    {
        0 => random.NextDouble(),
        1 => (random.NextDouble() - 0.5) * 2e19,
        2 => (double)long.MaxValue,
        3 => (double)long.MinValue,
        _ => random.Next(3) - 1,
    };

    static TextTest TextTest(Random random) => random.Next(4) switch
    {
        0 or 1 => new TextTest.Is(Text(random)),
        2 => new TextTest.Like(new Regex(random.Next(3) switch { 0 => "text-[1-5]", 1 => "^.*(e|☃).*$", _ => "^(|text-1.)$" }, RegexOptions.NonBacktracking)),
        _ => new TextTest.Between(random.Next(2) == 0 ? null : Text(random), random.Next(2) == 0 ? null : Text(random)),
    };

    static string Text(Random random) => Texts[random.Next(Texts.Length)];

    static TimeRange Range(Random random)
    {
        if (random.Next(2) == 0)
            return TimeRange.All;
        var from = 1_700_000_000_000_000_000UL + (ulong)random.Next(1_000_000);
        return new TimeRange(new UnixNanos(from), new UnixNanos(from + (ulong)random.Next(1_000_000)));
    }
}
