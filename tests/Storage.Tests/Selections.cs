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
        SpanCondition.AnyOf any => $"any of ({string.Join(", ", any.Conditions.Select(Text))})",
        SpanCondition.Not not => $"not {Text(not.Condition)}",
        _ => $"{condition}",
    };

    static SpanCondition Condition(Random random, int depth) => random.Next(depth < 2 ? 9 : 6) switch
    {
        0 => new SpanCondition.ServiceIs(Text(random)),
        1 => new SpanCondition.NameIs(Text(random)),
        2 => new SpanCondition.KindIs((SpanKind)random.Next(6)),
        3 => new SpanCondition.StatusIs((StatusCode)random.Next(3)),
        4 => new SpanCondition.DurationBetween(random.Next(2) == 0 ? 0 : (ulong)random.Next(500_000), random.Next(2) == 0 ? ulong.MaxValue : (ulong)random.Next(1_000_000)),
        5 or 6 => new SpanCondition.AttributeIs(Text(random), Text(random), (AttributeOwners)random.Next(1, 32)),
        7 => new SpanCondition.AnyOf([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Condition(random, depth + 1))]),
        _ => new SpanCondition.Not(Condition(random, depth + 1)),
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
