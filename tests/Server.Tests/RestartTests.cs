using System.Net;
using System.Text.Json;
using Clew.Server.Hosting;
using Clew.Storage;

namespace Clew.Server.Tests;

public sealed class RestartTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("clew-server-").FullName;

    [Fact]
    public async Task What_was_acknowledged_before_a_stop_is_answered_after_the_next_start()
    {
        var options = new ClewOptions { Listen = ServerUnderTest.FreePorts, DataFolder = _folder };
        using var client = new HttpClient();
        await using (var first = await ClewServer.StartAsync(options))
        {
            using var body = new ByteArrayContent(Otlp.OneSpan);
            body.Headers.ContentType = new("application/x-protobuf");
            using var stored = await client.PostAsync(new Uri(first.OtlpHttp.Address, "/v1/traces"), body);
            Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        }

        await using var second = await ClewServer.StartAsync(options);
        var trace = JsonElement.Parse(await client.GetStringAsync(new Uri(second.Ui.Address, "/api/traces/1")));
        Assert.Equal("op", trace.GetProperty("data")[0].GetProperty("spans")[0].GetProperty("operationName").GetString());
    }

    [Fact]
    public async Task Spans_on_disk_are_found_by_what_Jaeger_calls_them_and_none_by_an_id_of_zeros()
    {
        var options = new ClewOptions { Listen = ServerUnderTest.FreePorts, DataFolder = _folder };
        using var client = new HttpClient();
        for (var run = 0; run < 2; run++)
        {
            await using var server = await ClewServer.StartAsync(options);
            using var body = new ByteArrayContent(Otlp.Request("shop", Otlp.Span($"00000000000000a{run}", name: "", more: Otlp.Field(15, Otlp.Text(2, "sold out")))));
            body.Headers.ContentType = new("application/x-protobuf");
            using var stored = await client.PostAsync(new Uri(server.OtlpHttp.Address, "/v1/traces"), body);
            foreach (var query in (string[])["operation=empty-span-name", "tag=otel.status_description:sold+out"])
            {
                var found = JsonElement.Parse(await client.GetStringAsync(new Uri(server.Ui.Address, "/api/traces?service=shop&" + query)));
                Assert.Equal(run + 1, found.GetProperty("data")[0].GetProperty("spans").GetArrayLength());
            }

            foreach (var path in (string[])["/api/traces/0", "/api/v3/traces/0"])
            {
                using var absent = await client.GetAsync(new Uri(server.Ui.Address, path));
                Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused()
    {
        var options = new ClewOptions { Listen = ServerUnderTest.FreePorts, DataFolder = _folder };
        await using var first = await ClewServer.StartAsync(options);
        await Assert.ThrowsAsync<StoreLockedException>(() => ClewServer.StartAsync(options));
    }

    [Fact]
    public async Task A_taken_port_is_named_with_its_key_and_the_store_is_closed_again()
    {
        var options = new ClewOptions { Listen = ServerUnderTest.FreePorts, DataFolder = _folder };
        await using (var first = await ServerUnderTest.StartAsync())
        {
            var taken = options with { Listen = options.Listen with { OtlpHttp = $"127.0.0.1:{first.Ui.Port}" } };
            var refused = await Assert.ThrowsAsync<ListenException>(() => ClewServer.StartAsync(taken));
            Assert.Equal(
                $"listen.otlp_http 127.0.0.1:{first.Ui.Port} cannot be listened on: another program uses it. "
                + "Stop that program, or choose another port with --set listen.otlp_http=127.0.0.1:PORT.",
                refused.Message);
        }

        await using var reopened = await ClewServer.StartAsync(options);
        Assert.Equal(options.Listen.Addresses().Count, reopened.Endpoints.Count);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named_with_its_key()
    {
        var options = new ClewOptions { Listen = ServerUnderTest.FreePorts with { Ui = "192.0.2.1:16686" }, DataFolder = _folder };
        var refused = await Assert.ThrowsAsync<ListenException>(() => ClewServer.StartAsync(options));
        Assert.Equal("listen.ui 192.0.2.1:16686 cannot be listened on: this machine does not have that address. Use one of its own, or --set listen.ui=*:PORT for all of them.", refused.Message);
    }

    [Fact]
    public async Task All_problems_of_the_options_are_told_at_once()
    {
        var options = new ClewOptions
        {
            Listen = new ListenOptions { Ui = "nowhere" }, Limits = new LimitsOptions { NestingMax = 0 }, Query = new QueryOptions { TracesMax = 0 }, DataFolder = " ",
        };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => ClewServer.StartAsync(options));
        foreach (var key in (string[])["listen.ui", "limits.nesting_max", "query.traces_max", "data_folder"])
            Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
