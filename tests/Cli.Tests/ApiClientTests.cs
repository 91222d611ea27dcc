using System.Net;
using System.Net.Sockets;

namespace Clew.Cli.Tests;

/// <summary>What a command is told when a server goes away in the middle of an answer.</summary>
public sealed class ApiClientTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tail_whose_connection_is_lost_says_that_the_server_has_stopped(bool isReset)
    {
        var (heard, mayLeave) = (new List<string>(), new TaskCompletionSource());
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => TailAsync(
            item =>
            {
                heard.Add(item);
                mayLeave.SetResult();
                return true;
            },
            mayLeave.Task, isReset));
        Assert.EndsWith(" has stopped.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["one"], heard);
    }

    [Fact]
    public async Task A_pipe_that_nobody_reads_is_not_taken_for_a_lost_connection() =>
        await Assert.ThrowsAsync<IOException>(() => TailAsync(_ => throw new IOException("Broken pipe"), Task.CompletedTask, isReset: false));

    /// <summary>Listens to a server that sends one event and is gone.</summary>
    static async Task TailAsync(Func<string, bool> take, Task mayLeave, bool isReset)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var api = new ApiClient($"{listener.LocalEndpoint}");
        var tail = api.TailAsync("{ }", () => { }, item => take(item.Data), default);
        using (var server = await listener.AcceptSocketAsync())
        {
            await server.ReceiveAsync(new byte[4096]);
            await server.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nb\r\ndata: one\n\n\r\n"u8.ToArray());
            await mayLeave;
            // Without lingering, closing resets.
            if (isReset)
                server.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await tail;
    }
}
