using System.Net.Sockets;
using System.Text;

namespace Clew.EndToEnd.Tests.Garbage;

/// <summary>A TCP connection without any manners.</summary>
internal sealed class RawConnection : IDisposable
{
    readonly TcpClient _client = new() { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(server.Host, server.Port);
        return connection;
    }

    /// <summary>Writes what the server will take: it may hang up before the end.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _client.GetStream().WriteAsync(bytes);
        }
        catch (IOException)
        {
            HasBeenCutOff = true;
        }
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>The server hung up while it was being written to.</summary>
    public bool HasBeenCutOff { get; private set; }

    /// <summary>Says that nothing more will come, but goes on listening.</summary>
    public void FinishWriting()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            HasBeenCutOff = true;
        }
    }

    /// <summary>Reads until the server hangs up; one byte is one character.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>.</exception>
    public async Task<string> ReadToEndAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await _client.GetStream().ReadAsync(buffer, timeout.Token) is var count and > 0)
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            HasBeenCutOff = true;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The server still held the connection after {limit.TotalSeconds:0.#} s, having said: {answer}", late);
        }

        return answer.ToString();
    }

    public void Dispose() => _client.Dispose();
}
