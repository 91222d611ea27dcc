using System.Net.Sockets;
using System.Text;

namespace Clew.EndToEnd.Tests.Garbage;

/// <summary>A TCP connection without any manners.</summary>
internal sealed class RawConnection : IDisposable
{
    readonly TcpClient _client;
    readonly NetworkStream _stream;

    RawConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port);
        return new RawConnection(client);
    }

    /// <summary>Writes what the server will take: it may hang up before the end.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
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
    public Task<string> ReadToEndAsync(TimeSpan limit) => ReadAsync(limit, _ => false);

    /// <summary>Reads until the end of the answer's first line.</summary>
    public Task<string> ReadLineAsync(TimeSpan limit) => ReadAsync(limit, answer => answer.Contains("\r\n", StringComparison.Ordinal));

    async Task<string> ReadAsync(TimeSpan limit, Func<string, bool> isEnough)
    {
        using var timeout = new CancellationTokenSource(limit);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer, timeout.Token) is var count and > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
                if (isEnough(answer.ToString()))
                    break;
            }
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

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }
}
