using System.Globalization;
using System.Text.RegularExpressions;

namespace Clew.Server.Tests;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task OpenMetrics_is_answered_to_those_who_ask_for_it_and_ends_with_its_mark()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (contentType, text) = await ScrapeAsync(server, "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", contentType);
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        Check(text[..^"# EOF\n".Length], isOpenMetrics: true);
    }

    [Fact]
    public async Task Everybody_else_gets_the_older_text()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (contentType, text) = await ScrapeAsync(server, "");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", contentType);
        Assert.DoesNotContain("# EOF", text, StringComparison.Ordinal);
        Check(text, isOpenMetrics: false);
    }

    [Fact]
    public async Task What_came_in_and_what_was_asked_is_counted()
    {
        await using var server = await ServerUnderTest.StartAsync();
        for (var round = 0; round < 3; round++)
            await GrpcCall.SendAsync(server.Client, server.Grpc, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
        using (await server.Client.GetAsync(new Uri(server.Ui, "/api/services")))
        using (await server.Client.GetAsync(new Uri(server.Ui, "/api/traces/1")))
        using (await server.Client.GetAsync(new Uri(server.Ui, "/api/clew/v1/search")))
        {
            Assert.Equal(3, await server.MetricAsync("clew_received_spans_total{protocol=\"grpc\",encoding=\"protobuf\"}"));
            Assert.Equal(3, await server.MetricAsync("clew_received_requests_total{protocol=\"grpc\",code=\"0\"}"));
            Assert.Equal(3 * Otlp.OneSpan.Length, await server.MetricAsync("clew_received_bytes_total{protocol=\"grpc\",encoding=\"protobuf\"}"));
            Assert.Equal(3, await server.MetricAsync("clew_stored_spans"));
            Assert.Equal(3, await server.MetricAsync("clew_append_seconds_count"));
            Assert.Equal(3, await server.MetricAsync("clew_append_seconds_bucket{le=\"+Inf\"}"));
            Assert.Equal(1, await server.MetricAsync("clew_query_seconds_count{api=\"jaeger\",operation=\"services\"}"));
            Assert.Equal(1, await server.MetricAsync("clew_query_seconds_count{api=\"jaeger\",operation=\"trace\"}"));
            Assert.Equal(1, await server.MetricAsync("clew_query_seconds_count{api=\"clew\",operation=\"search\"}"));
            Assert.True(await server.MetricAsync("process_cpu_seconds_total") > 0);
        }
    }

    [Fact]
    public async Task Repaired_text_is_counted()
    {
        await using var server = await ServerUnderTest.StartAsync();
        byte[] name = [0xC3, 0x28];
        var span = Otlp.Field(2, Otlp.Field(1, new byte[15], [1]), Otlp.Field(2, new byte[7], [1]), Otlp.Field(5, name));
        var answer = await GrpcCall.SendAsync(server.Client, server.Grpc, Otlp.ExportMethod, GrpcCall.Frame(Otlp.Request("shop", span)));
        Assert.Equal(0, answer.Status);
        Assert.Equal(1, await server.MetricAsync("clew_repaired_total{reason=\"invalid_utf8\"}"));
    }

    // Families are declared once, samples belong to the family above them, histograms add up.
    static void Check(string text, bool isOpenMetrics)
    {
        var families = new HashSet<string>();
        string family = "", type = "";
        var bucket = 0.0;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                (family, type) = (line.Split(' ')[2], line.Split(' ')[3]);
                Assert.True(families.Add(family), family);
                Assert.Contains(type, (string[])["counter", "gauge", "histogram"]);
                Assert.Equal(type == "counter" && !isOpenMetrics, family.EndsWith("_total", StringComparison.Ordinal));
                continue;
            }

            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                Assert.Equal(family, line.Split(' ')[2]);
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            var suffix = sample.Groups["name"].Value[family.Length..];
            Assert.StartsWith(family, sample.Groups["name"].Value, StringComparison.Ordinal);
            Assert.Contains(suffix, type switch { "counter" => isOpenMetrics ? ["_total"] : [""], "gauge" => [""], _ => (string[])["_bucket", "_count", "_sum"] });
            var value = double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture);
            Assert.True(value >= 0, line);
            bucket = suffix == "_bucket" ? (value >= bucket ? value : throw new InvalidDataException(line)) : suffix == "_count" && value != bucket ? throw new InvalidDataException(line) : 0;
        }

        Assert.True(families.Count > 25, $"{families.Count}");
    }

    static async Task<(string ContentType, string Text)> ScrapeAsync(ServerUnderTest server, string accept)
    {
        await GrpcCall.SendAsync(server.Client, server.Grpc, Otlp.ExportMethod, GrpcCall.Frame(Otlp.OneSpan));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Ui, "/metrics"));
        if (accept.Length > 0)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await server.Client.SendAsync(request);
        return (answer.Content.Headers.ContentType!.ToString(), await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("""^(?<name>[a-z_]+)(\{([a-z]+="[^"]*",?)+\})? (?<value>[^ ]+)$""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Sample();
}
