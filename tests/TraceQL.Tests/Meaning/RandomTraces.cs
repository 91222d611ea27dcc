using Clew.Model;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Traces of few names, keys and values, so that queries of the same match often; with orphans, cycles, doubles and several roots.</summary>
sealed class RandomTraces(Random random)
{
    public static readonly string[] Names = ["get", "put", "pay", "pa"];
    public static readonly string[] Keys = ["a", "b", "c"];

    readonly PlainScope[] _scopes = [.. Enumerable.Range(0, 4).Select(_ => new PlainScope([.. ServiceOf(random), .. Attributes(random, 2)], Pick(random, "", "lib"), Pick(random, "", "1"), Attributes(random, 2)))];

    /// <param name="second">When they start, about; spans of a trace start at times of their own.</param>
    public List<PlainSpan> Spans(int traceCount, ulong second = 100) => [.. Enumerable.Range(1, traceCount).SelectMany(number => Trace(new TraceId((ulong)random.Next(2), (ulong)number), second))];

    List<PlainSpan> Trace(TraceId id, ulong second)
    {
        var count = random.Next(5) == 0 ? 1 : random.Next(1, 12);
        var first = (second * 1_000_000_000) + ((ulong)random.Next(20) * 500_000_000);
        var starts = Enumerable.Range(0, 40).OrderBy(_ => random.Next()).Take(count).Select(at => first + ((ulong)at * 250_000_000)).ToArray();
        return [.. starts.Select((start, at) => Span(id, at, count, start))];
    }

    PlainSpan Span(TraceId trace, int at, int count, ulong start) => new()
    {
        Trace = trace,
        Id = random.Next(12) == 0 ? (ulong)random.Next(count) + 1 : (ulong)at + 1,
        Parent = random.Next(10) switch { 0 => 0xdead, 1 => 0, 2 => (ulong)random.Next(count) + 1, _ => (ulong)random.Next(at + 1) },
        Start = start,
        End = random.Next(8) switch { 0 => start, 1 => start - 1, 2 => start + 3, _ => start + ((ulong)random.Next(1, 6) * 500_000_000) },
        Name = Pick(random, Names),
        Kind = (SpanKind)random.Next(6),
        Status = (StatusCode)random.Next(3),
        Message = random.Next(4) == 0 ? Pick(random, Names) : "",
        Scope = Pick(random, _scopes),
        Attributes = Attributes(random, 3),
        Events = Several(2, () => new PlainEvent(start + ((ulong)random.Next(4) * 500_000_000) - 500_000_000, Pick(random, Names), Attributes(random, 2))),
        Links = Several(2, () => new PlainLink(new TraceId(0, (ulong)random.Next(1, 4)), (ulong)random.Next(1, 4), Attributes(random, 2))),
    };

    static (string, object?)[] ServiceOf(Random random) => random.Next(6) switch
    {
        0 => [],
        1 => [("service.name", 5)],
        2 => [("service.name", "")],
        _ => [("service.name", Pick(random, "get", "shop"))],
    };

    static (string, object?)[] Attributes(Random random, int countMax) =>
        [.. Keys.OrderBy(_ => random.Next()).Take(random.Next(countMax + 1)).Select(key => (key, Value(random)))];

    static object? Value(Random random) => random.Next(14) switch
    {
        0 or 1 or 2 => random.Next(-1, 4),
        3 => Pick(random, 0.5, 1.0, 2.0, double.NaN, -0.0),
        4 or 5 => Pick(random, Names),
        6 => random.Next(2) == 0,
        7 => new byte[] { 1 },
        8 => new (string, object?)[] { ("a", 1) },
        9 => Enumerable.Range(0, random.Next(3)).Select(_ => (object?)random.Next(3)).ToArray(),
        10 => Enumerable.Range(0, random.Next(3)).Select(_ => (object?)Pick(random, Names)).ToArray(),
        11 => new object?[] { random.Next(2) == 0, random.Next(2) == 0 },
        12 => Pick<object?>(random, new object?[] { 1, "get" }, null, "", 9_007_199_254_740_993, 9_007_199_254_740_992.0),
        _ => random.Next(3),
    };

    T[] Several<T>(int countMax, Func<T> next) => random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, random.Next(countMax + 1)).Select(_ => next())];

    static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
