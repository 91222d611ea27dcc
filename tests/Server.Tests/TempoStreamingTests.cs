using System.Net;
using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using Tempo.Proto;

namespace Clew.Server.Tests;

/// <summary>The streaming querier over gRPC, read by what protoc generated from the published messages.</summary>
public sealed class TempoStreamingTests
{
    const ulong From = TempoSample.Start, To = TempoSample.Start + 30_000_000_000;

    [Fact]
    public async Task A_search_is_a_stream_of_traces()
    {
        await using var server = await TempoSample.StartAsync();
        var answer = await CallAsync(
            server, "Search", new SearchRequest { Query = "{ .http.status_code >= 200 && kind = server } | count() > 0", Start = 1_700_000_000, End = 1_700_000_100, Limit = 20, SpansPerSpanSet = 3 });
        Assert.Equal((0, "application/grpc"), (answer.Status, answer.ContentType));
        var found = SearchResponse.Parser.ParseFrom(Assert.Single(answer.Payloads));
        Assert.Equal([TempoSample.Two.ToString(), TempoSample.One.ToString()], found.Traces.Select(trace => trace.TraceID));
        var trace = found.Traces[1];
        Assert.Equal(("shop", "GET /cart", TempoSample.Start, 9u), (trace.RootServiceName, trace.RootTraceName, trace.StartTimeUnixNano, trace.DurationMs));
        Assert.Equal(new ServiceStats { SpanCount = 2, ErrorCount = 2 }, trace.ServiceStats["stock"]);
        Assert.Equal(trace.SpanSet, trace.SpanSets.Single());
        Assert.Equal([Pair("count()", new AnyValue { IntValue = 1 })], trace.SpanSet.Attributes);
        var span = trace.SpanSet.Spans.Single();
        Assert.Equal(("0000000000000011", "GET /cart", 9_000_000UL), (span.SpanID, span.Name, span.DurationNanos));
        Assert.Equal([Pair("http.status_code", new AnyValue { IntValue = 200 }), Pair("kind", new AnyValue { StringValue = "server" })], span.Attributes);
        Assert.Equal((1u, 1u), (found.Metrics.CompletedJobs, found.Metrics.TotalJobs));
    }

    [Fact]
    public async Task A_search_may_be_for_tags_and_a_long_answer_comes_in_several_messages()
    {
        await using var server = await TempoSample.StartAsync();
        var spans = new Spans().Service("many", ("tier", "front"));
        for (var id = 1UL; id <= 250; id++)
            spans.Span(id, start: TempoSample.Start + id * 1_000_000, end: TempoSample.Start + id * 1_000_000 + 5_000_000, trace: new Model.TraceId(99, id));
        await server.Store.AppendAsync(spans.Batch, default);
        var answer = await CallAsync(server, "Search", new SearchRequest { Tags = { ["tier"] = "front" }, Limit = 500, MinDurationMs = 5, MaxDurationMs = 5 });
        var messages = answer.Payloads.Select(SearchResponse.Parser.ParseFrom).ToArray();
        Assert.Equal([100, 100, 50], messages.Select(message => message.Traces.Count));
        Assert.Equal(250, messages.SelectMany(message => message.Traces).Select(trace => trace.TraceID).Distinct().Count());
        Assert.Equal([false, false, true], messages.Select(message => message.Metrics is not null));
    }

    [Fact]
    public async Task No_message_is_larger_than_clients_take()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var spans = new Spans();
        for (var id = 1UL; id <= 300; id++)
            spans.Span(id, start: TempoSample.Start + id, name: $"name {id}", trace: new Model.TraceId(99, id % 60), attributes: [("padding", new string('x', 20_000))]);
        await server.Store.AppendAsync(spans.Batch, default);

        var range = await CallAsync(
            server, "MetricsQueryRange", new QueryRangeRequest { Query = "{ } | count_over_time() by (name)", Start = From, End = From + 2_000_000_000_000, Step = 1_000_000_000 });
        var series = range.Payloads.Select(QueryRangeResponse.Parser.ParseFrom).ToArray();
        Assert.All(range.Payloads, payload => Assert.InRange(payload.Length, 0, 4 << 20));
        Assert.Equal(300, series.SelectMany(message => message.Series).Select(one => one.Labels[0].Value.StringValue).Distinct().Count());
        Assert.Equal(300, series.SelectMany(message => message.Series).Sum(one => one.Samples.Sum(sample => sample.Value)));
        Assert.Single(series, message => message.Metrics is not null);

        var search = await CallAsync(server, "Search", new SearchRequest { Query = "{ } | select(.padding)", Limit = 100, SpansPerSpanSet = 100 });
        Assert.All(search.Payloads, payload => Assert.InRange(payload.Length, 0, 4 << 20));
        Assert.Equal(60, search.Payloads.Select(SearchResponse.Parser.ParseFrom).SelectMany(message => message.Traces).Select(trace => trace.TraceID).Distinct().Count());
        Assert.True(search.Payloads.Count > 1);
    }

    [Fact]
    public async Task Tags_and_values_are_one_message_each()
    {
        await using var server = await TempoSample.StartAsync();
        var names = await CallAsync(server, "SearchTags", new SearchTagsRequest { Scope = "resource", Start = 1_700_000_000, End = 1_700_000_100 });
        Assert.Equal(["service.name", "zone"], SearchTagsResponse.Parser.ParseFrom(names.Payload).TagNames);
        var scopes = await CallAsync(server, "SearchTagsV2", new SearchTagsRequest { Query = "{ name = \"reserve\" }", MaxTagsPerScope = 1 });
        Assert.Equal(
            ["span=db.system", "resource=service.name", "event=attempt", "link=why"],
            SearchTagsV2Response.Parser.ParseFrom(scopes.Payload).Scopes.Where(scope => scope.Name != "intrinsic").Select(scope => $"{scope.Name}={string.Join(',', scope.Tags)}"));
        var values = await CallAsync(server, "SearchTagValues", new SearchTagValuesRequest { TagName = "service.name" });
        Assert.Equal(["a/b c%", "shop", "stock"], SearchTagValuesResponse.Parser.ParseFrom(values.Payload).TagValues);
        var typed = await CallAsync(server, "SearchTagValuesV2", new SearchTagValuesRequest { TagName = "span.http.status_code", Query = "{ resource.zone = \"us\" && ", MaxTagValues = 10 });
        var answer = SearchTagValuesV2Response.Parser.ParseFrom(typed.Payload);
        Assert.Equal([new TagValue { Type = "int", Value = "500" }], answer.TagValues);
        Assert.Equal(1u, answer.Metrics.CompletedJobs);
    }

    [Fact]
    public async Task Series_and_instants_are_one_message_each()
    {
        await using var server = await TempoSample.StartAsync();
        var range = await CallAsync(
            server, "MetricsQueryRange", new QueryRangeRequest { Query = "{ } | count_over_time() by (resource.zone)", Start = From, End = To, Step = 10_000_000_000, MaxSeries = 2 });
        var found = QueryRangeResponse.Parser.ParseFrom(range.Payload);
        Assert.Equal((PartialStatus.Partial, 2), (found.Status, found.Series.Count));
        Assert.Contains("1 are left out", found.Message, StringComparison.Ordinal);
        Assert.Equal([Pair("resource.zone", new AnyValue { StringValue = "eu" })], found.Series[0].Labels);
        Assert.Equal([(1_700_000_000_000, 1.0), (1_700_000_010_000, 0), (1_700_000_020_000, 0), (1_700_000_030_000, 0)], found.Series[0].Samples.Select(sample => (sample.TimestampMs, sample.Value)));

        var alone = await CallAsync(
            server, "MetricsQueryRange", new QueryRangeRequest { Query = "{ resource.zone = `eu` } | count_over_time() by (resource.zone)", Start = From, End = To, Step = 10_000_000_000, Exemplars = 5 });
        var exemplar = QueryRangeResponse.Parser.ParseFrom(alone.Payload).Series.Single().Exemplars.Single();
        Assert.Equal((1_700_000_000_000, 1.0), (exemplar.TimestampMs, exemplar.Value));
        Assert.Contains(Pair("trace:id", new AnyValue { StringValue = "a1" }), exemplar.Labels);

        var instant = await CallAsync(server, "MetricsQueryInstant", new QueryInstantRequest { Query = "{ } | max_over_time(duration)", Start = From, End = To });
        var one = QueryInstantResponse.Parser.ParseFrom(instant.Payload);
        Assert.Equal(2, one.Series.Single().Value);
        Assert.Equal(PartialStatus.Complete, one.Status);
    }

    [Fact]
    public async Task A_range_that_is_asked_for_as_an_instant_has_one_sample_at_its_end()
    {
        await using var server = await TempoSample.StartAsync();
        var range = await CallAsync(
            server, "MetricsQueryRange", new QueryRangeRequest { Query = "{ } | count_over_time()", Start = From, End = To, Step = 1, Instant = true });
        var sample = QueryRangeResponse.Parser.ParseFrom(range.Payload).Series.Single().Samples.Single();
        Assert.Equal(((long)(To / 1_000_000), 6.0), (sample.TimestampMs, sample.Value));
    }

    public static TheoryData<string, IMessage, string> Mistakes => new()
    {
        { "Search", new SearchRequest { Query = "{ .a = }" }, "parse error at line 1, col 8" },
        { "Search", new SearchRequest { Query = "{ }", Tags = { ["a"] = "b" } }, "can't specify tags and q" },
        { "Search", new SearchRequest { Query = "{ }", Limit = 5_000 }, "exceeds max limit 1500" },
        { "Search", new SearchRequest { Query = "{ }", Start = 2, End = 1 }, "start must be before end" },
        { "Search", new SearchRequest { SpansPerSpanSet = 101 }, "invalid spss" },
        { "SearchTags", new SearchTagsRequest { Scope = "x" }, "invalid scope: x" },
        { "SearchTagsV2", new SearchTagsRequest { Start = 2, End = 1 }, "start must be before end" },
        { "SearchTagValues", new SearchTagValuesRequest(), "provide a tag name" },
        { "SearchTagValuesV2", new SearchTagValuesRequest { TagName = "service.name" }, "invalid tag name" },
        { "MetricsQueryRange", new QueryRangeRequest { Query = "{ }", Start = From, End = To }, "not a metrics query" },
        { "MetricsQueryRange", new QueryRangeRequest { Query = "{ } | rate()", Start = From, End = To, Step = 1 }, "more than 10000 points" },
        { "MetricsQueryInstant", new QueryInstantRequest { Query = "{ } | rate()" }, "start must be before end" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_question_that_means_nothing_ends_with_what_is_wrong(string method, IMessage request, string expected)
    {
        await using var server = await TempoSample.StartAsync();
        var answer = await CallAsync(server, method, request);
        Assert.Equal((3, true), (answer.Status, answer.IsTrailersOnly));
        Assert.Contains(expected, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_methods_and_broken_messages_are_refused()
    {
        await using var server = await TempoSample.StartAsync();
        Assert.Equal(12, (await GrpcCall.SendAsync(server.Client, server.Tempo, "/tempopb.Querier/FindTraceByID", GrpcCall.Frame([]))).Status);
        var broken = await GrpcCall.SendAsync(server.Client, server.Tempo, "/tempopb.StreamingQuerier/Search", GrpcCall.Frame([0x42, 0xFF]));
        Assert.Equal(3, broken.Status);
        Assert.Contains("malformed at byte", broken.Message, StringComparison.Ordinal);
        var health = await GrpcCall.SendAsync(server.Client, server.Tempo, "/grpc.health.v1.Health/Check", GrpcCall.Frame([]));
        Assert.Equal((HttpStatusCode.OK, 0), (health.HttpStatus, health.Status));
    }

    static KeyValue Pair(string key, AnyValue value) => new() { Key = key, Value = value };

    static Task<GrpcCall.Answer> CallAsync(ServerUnderTest server, string method, IMessage request) =>
        GrpcCall.SendAsync(server.Client, server.Tempo, $"/tempopb.StreamingQuerier/{method}", GrpcCall.Frame(request.ToByteArray()));
}
