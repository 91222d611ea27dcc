using System.Net;
using System.Text.Json;
using Clew.Model;

namespace Clew.Server.Tests;

/// <summary>Spans shown as they are acknowledged.</summary>
public sealed class TailTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_tail_shows_the_spans_that_match_once_they_are_acknowledged()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var tail = await OpenAsync(server, "service=shop name=wanted");
        await SendAsync(server, Otlp.Span("00000000000000a1", "other"), Otlp.Span("00000000000000a2", "wanted", more: Otlp.Attribute(9, "tier", "l2")));
        Assert.Equal(
            """{"traceId":"00000000000000000000000000000001","spanId":"00000000000000a2","parentSpanId":"","service":"shop","name":"wanted","kind":"","status":"unset","startTimeUnixNano":"1700000000000000000","durationNanos":"5000000","attributes":{"tier":"l2"}}""",
            await tail.ReadDataAsync());
    }

    [Fact]
    public async Task Spans_that_are_not_acknowledged_are_not_shown()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var tail = await OpenAsync(server, "");
        server.Store.Result = new AppendResult(AppendOutcome.Overloaded, TimeSpan.Zero, "for the test");
        await SendAsync(server, Otlp.Span("00000000000000a1", "refused"));
        server.Store.Result = AppendResult.Stored;
        await SendAsync(server, Otlp.Span("00000000000000a2", "stored"));
        Assert.Equal("stored", JsonElement.Parse(await tail.ReadDataAsync()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_does_not_fit_is_counted_and_told()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var tail = await OpenAsync(server, "");
        await SendAsync(server, [.. Enumerable.Range(1, 1_500).Select(id => Otlp.Span($"{id:x16}"))]);
        var shown = 0;
        string line;
        while (!(line = await tail.ReadLineAsync()).StartsWith("event:", StringComparison.Ordinal))
            shown += line.StartsWith("data:", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(("event: lost", 1_000), (line, shown));
        Assert.Equal("""{"count":500}""", await tail.ReadDataAsync());
    }

    [Theory]
    [InlineData("{} | count() > 1", "A tail sees spans one by one as they come in, and count() > 1 needs their whole trace: leave it out.")]
    [InlineData("{} >> {}", "A tail sees spans one by one as they come in, and { true } >> { true } needs their whole trace")]
    [InlineData("rootName=x", "A tail sees spans one by one as they come in, and { rootName = `x` } needs their whole trace")]
    [InlineData("{} | rate()", "A tail shows the spans that a query for traces matches")]
    public async Task A_query_for_whole_traces_is_refused_with_the_reason(string query, string message)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (status, body) = await server.GetJsonAsync("/api/clew/v1/tail?q=" + Uri.EscapeDataString(query));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(message, body.GetProperty("error").GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_are_so_many_tails_and_no_more_until_one_is_closed()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var tails = new List<Tail>();
        for (var count = 0; count < 16; count++)
            tails.Add(await OpenAsync(server, ""));
        var (status, _) = await server.GetJsonAsync("/api/clew/v1/tail");
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        tails[0].Dispose();
        using var deadline = new CancellationTokenSource(Patience);
        while ((await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri(server.Ui, "/api/clew/v1/tail")), deadline.Token)).StatusCode != HttpStatusCode.OK)
            await Task.Yield();
        tails.ForEach(tail => tail.Dispose());
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_tails()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var tail = await OpenAsync(server, "");
        var stopping = server.Server.StopAsync();
        Assert.Equal("", await tail.ReadRestAsync());
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_tail_with_a_pattern_that_takes_too_long_is_ended_and_the_spans_are_stored()
    {
        var clock = new HastyClock();
        await using var server = await ServerUnderTest.StartAsync(time: clock);
        using var tail = await OpenAsync(server, "{ .text =~ `.*a.{900}c` }");
        clock.IsHasty = true;
        await SendAsync(server, [.. Enumerable.Range(1, 10).Select(id => Otlp.Span($"{id:x16}", more: Otlp.Attribute(9, "text", "abc")))]);
        Assert.Equal("event: end", await tail.ReadLineAsync());
        Assert.Contains("simpler regular expression", await tail.ReadRestAsync(), StringComparison.Ordinal);
        Assert.Equal(10, server.Store.Batches.Sum(batch => batch.SpanCount));
    }

    static async Task SendAsync(ServerUnderTest server, params byte[][] spans)
    {
        using var body = new ByteArrayContent(Otlp.Request("shop", spans));
        body.Headers.ContentType = new("application/x-protobuf");
        using var answer = await server.Client.PostAsync(new Uri(server.Http, "/v1/traces"), body);
        Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    static async Task<Tail> OpenAsync(ServerUnderTest server, string query)
    {
        var answer = await server.Client.GetAsync(new Uri(server.Ui, "/api/clew/v1/tail?q=" + Uri.EscapeDataString(query)), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        var tail = new Tail(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        // The comment at the beginning comes when the tail listens.
        Assert.StartsWith(": the spans of {", await tail.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal("", await tail.ReadLineAsync());
        return tail;
    }

    sealed class Tail(HttpResponseMessage answer, StreamReader lines) : IDisposable
    {
        public async Task<string> ReadLineAsync()
        {
            using var deadline = new CancellationTokenSource(Patience);
            return await lines.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException("The tail has ended.");
        }

        public async Task<string> ReadDataAsync()
        {
            string line;
            do
                line = await ReadLineAsync();
            while (!line.StartsWith("data: ", StringComparison.Ordinal));
            return line["data: ".Length..];
        }

        public async Task<string> ReadRestAsync()
        {
            using var deadline = new CancellationTokenSource(Patience);
            return await lines.ReadToEndAsync(deadline.Token);
        }

        public void Dispose()
        {
            lines.Dispose();
            answer.Dispose();
        }
    }
}
