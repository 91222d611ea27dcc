using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Clew.Collector.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Clew.Server.Hosting;

/// <summary>Looks at the first bytes of a connection, without taking them, and answers in its own words when they belong to another port.</summary>
/// <param name="port">The label value of the port.</param>
/// <param name="limits">A connection may stay silent before its first byte for the idle timeout, and has the header timeout to say what it is.</param>
internal abstract class ConnectionPreface(string port, CounterFamily garbage, ServerLog log, LimitsOptions limits, TimeProvider time)
{
    protected static ReadOnlySpan<byte> Http2Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    // A client that was refused gets this long to read the answer before the connection goes.
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>What the first bytes of a connection are.</summary>
    protected enum Speech
    {
        /// <summary>Too few bytes to tell.</summary>
        Unclear,
        Http1,
        Http2,
        Tls,
        Garbage,
    }

    /// <param name="http2">Where connections go that speak HTTP/2; null for the same as all others.</param>
    public async Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next, ConnectionDelegate? http2 = null)
    {
        var speech = await ListenAsync(connection);
        if (speech is null)
            return;
        if (IsOurs(speech.Value))
        {
            await (speech == Speech.Http2 && http2 is not null ? http2 : next)(connection);
            return;
        }

        garbage.With(port, Reason(speech.Value)).Increment();
        log.Warning(Describe(speech.Value));
        using var deadline = new CancellationTokenSource(Farewell, time);
        try
        {
            if (await TryAnswerAsync(speech.Value, connection, deadline.Token))
                await DrainAsync(connection.Transport.Input, deadline.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or ConnectionResetException)
        {
            garbage.With(port, "gone_before_the_answer").Increment();
        }
    }

    protected abstract bool IsOurs(Speech speech);

    /// <summary>One line for the log about a connection that is not ours.</summary>
    protected abstract string Describe(Speech speech);

    /// <summary>Says something useful in the language of the client.</summary>
    /// <returns>False when there is nothing to say.</returns>
    protected abstract ValueTask<bool> TryAnswerAsync(Speech speech, ConnectionContext connection, CancellationToken cancellation);

    /// <summary>A complete HTTP/1.1 answer in plain text, after which the connection closes.</summary>
    protected static async ValueTask<bool> WriteHttp1Async(ConnectionContext connection, string text, CancellationToken cancellation)
    {
        var body = text + "\n";
        var answer = $"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";
        await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellation);
        return true;
    }

    async Task<Speech?> ListenAsync(ConnectionContext connection)
    {
        // Not the connection's own token: it fires as soon as the client has finished sending, which is no reason not to read what it sent.
        // A server that stops does not wait for somebody to begin.
        var isStopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var patience = new CancellationTokenSource(limits.IdleTimeout, time);
        using var stopping = isStopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), patience);
        var hasBegun = false;
        try
        {
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync(patience.Token);
                var speech = Recognize(read.Buffer);
                var isOver = read.IsCompleted && speech == Speech.Unclear;
                if (speech != Speech.Unclear || isOver)
                {
                    connection.Transport.Input.AdvanceTo(read.Buffer.Start);
                    return !isOver ? speech : read.Buffer.IsEmpty ? null : Speech.Garbage;
                }

                if (!hasBegun && !read.Buffer.IsEmpty)
                {
                    hasBegun = true;
                    patience.CancelAfter(limits.HeaderTimeout);
                }

                connection.Transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ConnectionResetException or ConnectionAbortedException)
        {
            // Silent, or gone: a port scan and a browser that connects ahead of time both look like this.
            return null;
        }
    }

    static Speech Recognize(ReadOnlySequence<byte> start)
    {
        Span<byte> first = stackalloc byte[24];
        var length = (int)Math.Min(start.Length, first.Length);
        start.Slice(0, length).CopyTo(first);
        first = first[..length];
        if (first.IsEmpty)
            return Speech.Unclear;
        if (first[0] == 0x16)
            return length == 1 ? Speech.Unclear : first[1] == 0x03 ? Speech.Tls : Speech.Garbage;
        if (Http2Preface.StartsWith(first))
            return length == Http2Preface.Length ? Speech.Http2 : Speech.Unclear;

        // A request line starts with a method, an upper-case word, then a space.
        var method = first.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        if (method < 0)
            return length < first.Length || length < 20 ? Speech.Unclear : Speech.Garbage;
        return method > 0 && first[method] == ' ' ? Speech.Http1 : Speech.Garbage;
    }

    static async Task DrainAsync(PipeReader input, CancellationToken cancellation)
    {
        // Closing a socket with unread bytes resets it, and the answer would be lost with them: the client closes first, or has had its time.
        const int BytesMax = 1 << 20;
        for (var drained = 0L; drained < BytesMax;)
        {
            var read = await input.ReadAsync(cancellation);
            drained += read.Buffer.Length;
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    static string Reason(Speech speech) => speech switch
    {
        Speech.Http1 => "http1",
        Speech.Http2 => "http2",
        Speech.Tls => "tls",
        _ => "unknown_protocol",
    };
}
