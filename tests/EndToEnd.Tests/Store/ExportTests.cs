using System.Net;
using System.Net.Http.Headers;
using Clew.EndToEnd.Tests.Kill;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Store;

/// <summary>What is exported from a folder, sent to an empty server by plain OTLP over HTTP, is there as it was.</summary>
public sealed class ExportTests
{
    const int Batches = 150;

    // Small, so that there are blocks as well as a segment.
    static readonly string[] Settings = ["storage.segment_bytes_max=256KiB"];

    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("protobuf", "application/x-protobuf")]
    public async Task Exported_spans_sent_to_another_server_are_equal_there(string format, string contentType)
    {
        using var folder = new TemporaryFolder();
        var (data, file, recipe) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "export"), new BatchRecipe(seed: 5));
        await FillAsync(data, recipe, async () =>
        {
            // While the server runs, and without a word to it.
            var (code, output, errors) = await ClewCommand.RunAsync("store", "export", "--data", data, "--format", format, "--output", file);
            Assert.True(code == 0 && output.Length == 0, $"{code} {output} {errors}");
            Assert.Contains($"Exported {Batches * BatchRecipe.SpanCount:N0} spans in ", errors, StringComparison.Ordinal);
        });
        await using var fresh = await ClewProcess.StartAsync(Path.Combine(folder.Path, "fresh"), Settings);
        foreach (var request in Requests(await File.ReadAllBytesAsync(file), format))
            await PostAsync(fresh, request, contentType);
        foreach (var trace in Enumerable.Range(0, Batches).SelectMany(recipe.Make).GroupBy(span => span.TraceId))
            Assert.Equal(OtlpSpan.Describe(trace), OtlpSpan.Describe(await fresh.FindTraceAsync(trace.Key) ?? []));
    }

    [Fact]
    public async Task Filters_choose_spans_or_whole_traces()
    {
        using var folder = new TemporaryFolder();
        var (data, recipe) = (Path.Combine(folder.Path, "data"), new BatchRecipe(seed: 6));
        await FillAsync(data, recipe, () => Task.CompletedTask);
        var all = Enumerable.Range(0, Batches).SelectMany(recipe.Make).ToArray();
        var errors = all.Where(span => span.StatusCode == 2).ToArray();
        await AssertExportsAsync(data, errors, "--errors");
        var traces = errors.Select(span => span.TraceId).ToHashSet();
        await AssertExportsAsync(data, all.Where(span => traces.Contains(span.TraceId)), "--errors", "--whole-traces");
        var service = all.Where(span => span.Resource.Attributes[0].Value is "service-3" && span.EndNanos - span.StartNanos >= 20_000_000);
        await AssertExportsAsync(data, service, "--service", "service-3", "--min-duration", "20ms");
        var middle = all.Select(span => span.StartNanos).Order().ElementAt(all.Length / 2);
        await AssertExportsAsync(data, all.Where(span => span.StartNanos >= middle), "--start", $"{middle}");
        string[] ids = [all[0].TraceId, all[^1].TraceId];
        await AssertExportsAsync(data, all.Where(span => ids.Contains(span.TraceId)), "--trace", ids[0], "--trace", ids[1]);
        await AssertExportsAsync(data, [], "--service", "nobody");
    }

    static async Task AssertExportsAsync(string data, IEnumerable<OtlpSpan> expected, params string[] filters)
    {
        var (code, output, errors) = await ClewCommand.RunAsync(["store", "export", "--data", data, .. filters]);
        Assert.True(code == 0, errors);
        var found = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line =>
        {
            using var request = System.Text.Json.JsonDocument.Parse(line);
            return OtlpJson.ReadTrace(request.RootElement);
        });
        Assert.Equal(OtlpSpan.Describe(expected), OtlpSpan.Describe(found));
    }

    static async Task FillAsync(string data, BatchRecipe recipe, Func<Task> whileItRuns)
    {
        await using var clew = await ClewProcess.StartAsync(data, Settings);
        using var sender = OtlpSender.OverHttp(clew.OtlpHttp);
        for (var batch = 0; batch < Batches; batch++)
            await sender.DeliverAsync(recipe.Make(batch));
        await Deadline.UntilAsync("a block", TimeSpan.FromSeconds(30), async () =>
            !(await clew.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains("\nclew_blocks 0\n", StringComparison.Ordinal));
        await whileItRuns();
        Assert.Equal("", clew.Errors);
        Assert.Equal(0, await clew.StopAsync());
    }

    static IEnumerable<byte[]> Requests(byte[] file, string format)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = 0;
            if (format == "json")
            {
                length = file.AsSpan(at).IndexOf((byte)'\n') + 1;
            }
            else
            {
                for (var shift = 0; ; shift += 7)
                {
                    length |= (file[at] & 0x7F) << shift;
                    if (file[at++] < 0x80)
                        break;
                }
            }

            yield return file[at..(at + length)];
            at += length;
        }
    }

    static async Task PostAsync(ClewProcess clew, byte[] request, string contentType)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        using var response = await http.PostAsync(new Uri(clew.OtlpHttp, "/v1/traces"), content);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK && !answer.Contains("partial", StringComparison.OrdinalIgnoreCase), $"{response.StatusCode} {answer}");
    }
}
