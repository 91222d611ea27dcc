namespace Clew.Model.Tests;

public sealed class SpanMatcherTests
{
    static readonly SpanBatch Batch = new BatchBuilder()
        .Service("api", ("zone", "a"), ("replicas", 3))
        .Span(1, start: 100, end: 1_100, name: "GET /", kind: SpanKind.Server, status: StatusCode.Error, attributes:
        [
            ("http.status", 200), ("cached", true), ("ratio", 0.5), ("text", "200"), ("bytes", new byte[] { 1, 2 }), ("none", null),
            ("list", new object?[] { 1, "two", null, true }), ("map", new (string, object?)[] { ("k", 1.5) }), ("twice", "first"), ("twice", "second"),
        ])
        .Span(2, start: 200, end: 300, name: "query", kind: SpanKind.Client, eventAttributes: [("rows", 7)])
        .Service(null).Span(3, start: 300, end: 250, name: "")
        .Service("").Span(4, start: 400).Service("db", ("service.name", 1)).Batch;

    public static TheoryData<string, SpanCondition, ulong[]> Cases => new()
    {
        { "service", new SpanCondition.ServiceIs("api"), [1, 2] },
        { "service that is not here", new SpanCondition.ServiceIs("nobody"), [] },
        { "service without a name", new SpanCondition.ServiceIs(ServiceName.Missing), [3] },
        { "service with an empty name", new SpanCondition.ServiceIs(ServiceName.Empty), [4] },
        { "name", new SpanCondition.NameIs("query"), [2] },
        { "empty name", new SpanCondition.NameIs(""), [3] },
        { "kind", new SpanCondition.KindIs(SpanKind.Client), [2] },
        { "status", new SpanCondition.StatusIs(StatusCode.Error), [1] },
        { "not status", new SpanCondition.Not(new SpanCondition.StatusIs(StatusCode.Error)), [2, 3, 4] },
        { "duration, bounds included", new SpanCondition.DurationBetween(100, 1_000), [1, 2] },
        { "an end before the start has no duration", new SpanCondition.DurationBetween(0, 0), [3, 4] },
        { "integer as text", Attribute("http.status", "200"), [1] },
        { "integer written otherwise", Attribute("http.status", "0200"), [] },
        { "bool", Attribute("cached", "true"), [1] },
        { "bool, other value", Attribute("cached", "false"), [] },
        { "double", Attribute("ratio", "0.5"), [1] },
        { "string that looks like a number", Attribute("text", "200"), [1] },
        { "bytes as base64", Attribute("bytes", "AQI="), [1] },
        { "empty value", Attribute("none", ""), [1] },
        { "array as JSON", Attribute("list", "[1,\"two\",null,true]"), [1] },
        { "map as JSON", Attribute("map", "{\"k\":1.5}"), [1] },
        { "the first of equal keys counts", Attribute("twice", "second"), [] },
        { "resource attribute", Attribute("zone", "a"), [1, 2] },
        { "event attribute", Attribute("rows", "7"), [2] },
        { "event attribute, but only spans asked", Attribute("rows", "7", AttributeOwners.Span), [] },
        { "unknown key", Attribute("nothing", "1"), [] },
        { "any of", new SpanCondition.AnyOf([new SpanCondition.NameIs("query"), Attribute("cached", "true"), Attribute("no", "no")]), [1, 2] },
        { "not unknown", new SpanCondition.Not(Attribute("nothing", "1")), [1, 2, 3, 4] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_condition_selects_exactly_its_spans(string because, SpanCondition condition, ulong[] expected) =>
        Assert.True(expected.SequenceEqual(Select(new SpanSelection(TimeRange.All, [condition]))), because);

    [Fact]
    public void All_conditions_and_the_time_range_must_hold_at_once()
    {
        Assert.Equal([2UL], Select(new SpanSelection(TimeRange.All, [new SpanCondition.ServiceIs("api"), new SpanCondition.NameIs("query")])));
        Assert.Equal([2UL, 3UL], Select(new SpanSelection(new TimeRange(new UnixNanos(200), new UnixNanos(300)), [])));
    }

    [Fact]
    public void A_text_that_does_not_occur_rules_the_whole_batch_out()
    {
        Assert.False(new SpanMatcher(new SpanSelection(TimeRange.All, [new SpanCondition.NameIs("nobody")]), Batch).CanMatch);
        Assert.True(new SpanMatcher(SpanSelection.All, Batch).CanMatch);
    }

    static SpanCondition.AttributeIs Attribute(string key, string text, AttributeOwners owners = AttributeOwners.Any) => new(key, text, owners);

    static ulong[] Select(SpanSelection selection)
    {
        var matcher = new SpanMatcher(selection, Batch);
        return [.. Enumerable.Range(0, Batch.SpanCount).Where(row => matcher.CanMatch && matcher.Matches(row)).Select(row => Batch.Spans.SpanIds[row].Value)];
    }
}
