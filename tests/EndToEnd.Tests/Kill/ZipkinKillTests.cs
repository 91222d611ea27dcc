using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Clew.EndToEnd.Tests.Processes;

namespace Clew.EndToEnd.Tests.Kill;

/// <summary>The promise that acknowledged means durable, for the answers of Zipkin's port.</summary>
public sealed class ZipkinKillTests
{
    const int Rounds = 3, AcknowledgementsPerRound = 60;

    [Fact]
    public async Task Every_span_that_Zipkins_port_acknowledged_survives_kill_9()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new ConcurrentBag<string>();
        for (var round = 1; round <= Rounds; round++)
        {
            await using var clew = await ClewProcess.StartAsync(folder.Path);
            var senders = Enumerable.Range(0, 4).Select(_ => SendUntilKilledAsync(clew, acknowledged)).ToArray();
            var enough = round * AcknowledgementsPerRound;
            await Deadline.UntilAsync($"{enough} acknowledgements", TimeSpan.FromSeconds(30), () => Task.FromResult(acknowledged.Count >= enough));
            await clew.KillAsync();
            await Task.WhenAll(senders);
        }

        await using var last = await ClewProcess.StartAsync(folder.Path);
        foreach (var id in acknowledged)
        {
            var trace = JsonElement.Parse(await last.Http.GetStringAsync(new Uri(last.Zipkin, $"/api/v2/trace/{id}")));
            Assert.Equal((1, id), (trace.GetArrayLength(), trace[0].GetProperty("traceId").GetString()));
        }
    }

    static async Task SendUntilKilledAsync(ClewProcess clew, ConcurrentBag<string> acknowledged)
    {
        using var http = new HttpClient();
        try
        {
            while (true)
            {
                var id = Guid.NewGuid().ToString("N");
                using var body = new StringContent($$$"""[{"traceId":"{{{id}}}","id":"1","name":"work","localEndpoint":{"serviceName":"s"}}]""", Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(new Uri(clew.Zipkin, "/api/v2/spans"), body);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                    acknowledged.Add(id);
            }
        }
        catch (HttpRequestException)
        {
            // The end of the round: what this span became is not known, and nobody claims to.
            return;
        }
    }
}
