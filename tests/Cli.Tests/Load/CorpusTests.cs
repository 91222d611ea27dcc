using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clew.Cli.Load.Corpus;
using Clew.Model;
using Clew.Otlp;

namespace Clew.Cli.Tests.Load;

public sealed class CorpusTests
{
    static readonly RoundSalt Unchanged = new(0, 0, 0, 0, 0);
    static readonly TraceCorpus Corpus = TraceCorpus.Build(seed: 7, traceCount: 300, WorkloadMix.Everything(), spansPerSecond: 5_000);

    [Fact]
    public void A_patched_request_differs_from_its_template_in_ids_times_and_unique_texts_only()
    {
        var salt = RoundSalt.Of(run: 99, round: 3, shiftNanos: 1_795_222_326_123_456_789);
        foreach (var request in Corpus.Requests)
            Assert.Equal(Patched(Json(request, Unchanged), salt).ToJsonString(), Json(request, salt).ToJsonString());
    }

    [Fact]
    public void Every_span_of_every_trace_is_sent_once_and_its_parent_with_it()
    {
        var salt = RoundSalt.Of(run: 5, round: 0, shiftNanos: 1);
        var spans = Corpus.Requests.SelectMany(request => Spans(Json(request, salt))).ToArray();
        Assert.Equal(Corpus.SpanCount, spans.Length);
        var traces = spans.GroupBy(span => Text(span, "traceId")).ToDictionary(group => group.Key, group => group.ToArray());
        Assert.Equal(Corpus.Traces.Length, traces.Count);
        var all = spans.Select(span => (Text(span, "traceId"), Text(span, "spanId"))).ToHashSet();
        Assert.Equal(spans.Length, all.Count);
        foreach (var trace in Corpus.Traces.Select(recipe => recipe.In(salt)))
        {
            var sent = traces[trace.Id.ToString()];
            Assert.Equal(trace.SpanCount, sent.Length);
            var root = Assert.Single(sent, span => span["parentSpanId"] is null);
            Assert.Equal(trace.RootName, Text(root, "name"));
            Assert.Equal(trace.UniqueValue, Attribute(root, trace.UniqueKey));
            Assert.Equal(trace.StartNanos.ToString(CultureInfo.InvariantCulture), Text(root, "startTimeUnixNano"));
            Assert.All(sent.Where(span => span != root), span => Assert.Contains((trace.Id.ToString(), Text(span, "parentSpanId")), all));
        }

        // Payments point at the task they pay for, in another trace; tensors at where they came from, in their own.
        var links = spans.SelectMany(span => (span["links"]?.AsArray() ?? []).Select(link => (Text(span, "traceId"), (Text(link!, "traceId"), Text(link!, "spanId"))))).ToArray();
        Assert.All(links, link => Assert.Contains(link.Item2, all));
        Assert.Contains(links, link => link.Item1 != link.Item2.Item1);
        Assert.Contains(links, link => link.Item1 == link.Item2.Item1);
    }

    [Fact]
    public void Rounds_have_no_id_and_no_unique_text_in_common()
    {
        var (first, second) = (RoundSalt.Of(run: 1, round: 0, shiftNanos: 0), RoundSalt.Of(run: 1, round: 1, shiftNanos: 0));
        var otherRun = RoundSalt.Of(run: 2, round: 0, shiftNanos: 0);
        var sent = new[] { first, second, otherRun }.Select(salt => Corpus.Traces.Select(recipe => recipe.In(salt)).ToArray()).ToArray();
        Assert.Equal(3 * Corpus.Traces.Length, sent.SelectMany(round => round).Select(trace => trace.Id).Distinct().Count());
        Assert.Equal(3 * Corpus.Traces.Length, sent.SelectMany(round => round).Select(trace => trace.UniqueValue).Distinct().Count());
    }

    [Fact]
    public void A_seed_names_one_corpus()
    {
        var (again, other) = (TraceCorpus.Build(7, 300, WorkloadMix.Everything(), 5_000), TraceCorpus.Build(8, 300, WorkloadMix.Everything(), 5_000));
        Assert.Equal(Frames(Corpus), Frames(again));
        Assert.NotEqual(Frames(Corpus), Frames(other));
    }

    [Fact]
    public void Spans_of_services_leave_as_an_SDK_would_send_them()
    {
        Assert.All(Corpus.Requests, request => Assert.InRange(request.SpanCount, 1, 512));
        foreach (var request in Corpus.Requests)
        {
            var json = Json(request, Unchanged);
            Assert.Single(json["resourceSpans"]!.AsArray());
            var ends = Spans(json).Select(span => long.Parse(Text(span, "endTimeUnixNano"), CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(ends.Order(), ends);
            Assert.InRange(request.ExportNanos - ends[0], 0, 5_000_000_000);
            Assert.True(ends[^1] <= request.ExportNanos);
        }

        Assert.True(Corpus.Traces.Count(trace => trace.RequestIndexes.Length > 1) > Corpus.Traces.Length / 2);
        Assert.Contains(Corpus.Traces, trace => trace.IsError);
    }

    [Theory]
    [InlineData("inference", "butterfly-coordinator")]
    [InlineData("agents", "jeeves-gateway")]
    [InlineData("peers", "zerostate-guild")]
    [InlineData("kv-cache", "llm-server")]
    public void A_workload_can_be_sent_alone(string name, string service)
    {
        var corpus = TraceCorpus.Build(1, 20, WorkloadMix.Of([name]), 1_000);
        Assert.InRange(corpus.Traces.Length, 20, 21);
        Assert.Contains(corpus.Traces, trace => trace.Service == service);
        Assert.All(corpus.Traces, trace => Assert.True(trace.DurationNanos > 0));
    }

    static IEnumerable<byte[]> Frames(TraceCorpus corpus) => corpus.Requests.Select(request => Written(request, Unchanged));

    static byte[] Written(RequestTemplate request, in RoundSalt salt)
    {
        var frame = new byte[request.FrameBytes];
        request.Write(frame, salt);
        return frame;
    }

    static JsonNode Json(RequestTemplate request, in RoundSalt salt)
    {
        var frame = Written(request, salt);
        Assert.True(GrpcFrame.TryReadHeader(frame, out var isCompressed, out var length));
        Assert.Equal((false, frame.Length - GrpcFrame.HeaderBytes), (isCompressed, (int)length));
        var batch = new SpanBatch();
        Assert.True(ExportRequestReader.TryRead(frame.AsSpan(GrpcFrame.HeaderBytes), OtlpLimits.Default, batch, out var report, out var error), error?.ToString());
        Assert.Equal((request.SpanCount, 0), (batch.SpanCount, report.RejectedSpanCount));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            ExportRequestJsonWriter.Write(batch, writer);
        return JsonNode.Parse(Encoding.UTF8.GetString(stream.ToArray()))!;
    }

    // What a round does, once more in another way: on the JSON, field by field.
    static JsonNode Patched(JsonNode json, in RoundSalt salt)
    {
        foreach (var span in Spans(json))
        {
            PatchIds(span, salt);
            if (span["parentSpanId"] is not null)
                span["parentSpanId"] = Xor(Text(span, "parentSpanId"), salt.Span);
            PatchTimes(span, salt, "startTimeUnixNano", "endTimeUnixNano");
            foreach (var note in span["events"]?.AsArray() ?? [])
                PatchTimes(note!, salt, "timeUnixNano");
            foreach (var link in span["links"]?.AsArray() ?? [])
                PatchIds(link!, salt);
            foreach (var attribute in span["attributes"]?.AsArray() ?? [])
            {
                if (Text(attribute!, "key") is "request.id" or "jeeves.request.id" or "task.id" or "payment.id")
                {
                    var text = Text(attribute!["value"]!, "stringValue");
                    attribute["value"]!["stringValue"] = text[..^16] + Xor(text[^16..], salt.Text);
                }
            }
        }

        return json;
    }

    static void PatchIds(JsonNode node, in RoundSalt salt)
    {
        var trace = Text(node, "traceId");
        node["traceId"] = Xor(trace[..16], salt.TraceHigh) + Xor(trace[16..], salt.TraceLow);
        node["spanId"] = Xor(Text(node, "spanId"), salt.Span);
    }

    static void PatchTimes(JsonNode node, in RoundSalt salt, params string[] names)
    {
        foreach (var name in names)
            node[name] = (long.Parse(Text(node, name), CultureInfo.InvariantCulture) + salt.ShiftNanos).ToString(CultureInfo.InvariantCulture);
    }

    static string Xor(string digits, ulong salt) => (ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture) ^ salt).ToString("x16", CultureInfo.InvariantCulture);

    static JsonNode[] Spans(JsonNode json) => [.. json["resourceSpans"]!.AsArray().SelectMany(resource => resource!["scopeSpans"]!.AsArray()).SelectMany(scope => scope!["spans"]!.AsArray())!];

    static string Attribute(JsonNode span, string key) => Text(Assert.Single(span["attributes"]!.AsArray(), attribute => Text(attribute!, "key") == key)!["value"]!, "stringValue");

    static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
