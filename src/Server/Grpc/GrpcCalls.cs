using Clew.Collector;
using Clew.Otlp;
using Clew.Server.Hosting;
using Clew.Server.Receivers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Grpc;

/// <summary>Runs calls of unary and server-streaming methods by hand over HTTP/2: reads the request, has it answered, ends it with a status.</summary>
/// <remarks>Requests are questions, and short; what is long are answers. (Spans come in through <see cref="OtlpGrpcReceiver"/>, which reads them in its own way.)</remarks>
internal sealed class GrpcCalls(IngestBudget budget, ServerLog log, TimeProvider time)
{
    /// <summary>The longest request, on the wire and again after decompression.</summary>
    public const int RequestBytesMax = 64 << 10;

    // A timer cannot wait much longer than a month, and nobody does.
    static readonly TimeSpan PatienceMax = TimeSpan.FromDays(1);

    public async Task RunAsync(HttpContext context, GrpcMethod method)
    {
        var answer = new GrpcMessages(context.Response, time);
        var outcome = await CallAsync(context, method, answer);
        if (answer.IsEmpty)
            GrpcAnswer.EndWithoutMessage(context.Response, outcome);
        else
            GrpcAnswer.End(context.Response, outcome);
    }

    async Task<GrpcOutcome> CallAsync(HttpContext context, GrpcMethod method, GrpcMessages answer)
    {
        if (!GrpcRequestHead.TryRead(context.Request.Headers, out var head, out var problem))
            return problem;
        using var deadline = new CancellationTokenSource(head.Patience is { } patience && patience < PatienceMax ? patience : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        try
        {
            var (request, refused) = await ReadAsync(context.Request, head.Coding, either.Token);
            return request is null ? refused : await method(request, answer, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return new GrpcOutcome(GrpcStatus.DeadlineExceeded, "The deadline of the call (grpc-timeout) has passed.");
        }
        catch (Exception failure) when (IsOurs(failure) && !context.RequestAborted.IsCancellationRequested)
        {
            log.Error($"{context.Request.Path} failed", failure);
            return new GrpcOutcome(GrpcStatus.Internal, "The call failed; the log of the server says why.");
        }
    }

    /// <returns>The message, or how the call ends without one.</returns>
    async ValueTask<(byte[]? Message, GrpcOutcome Refused)> ReadAsync(HttpRequest request, ContentCoding coding, CancellationToken cancellation)
    {
        // The place among the requests is given back before the answer begins: who reads an answer slowly keeps no sender waiting.
        using var room = budget.TryEnter();
        if (room is null)
            return (null, Busy);
        using var body = new PooledBuffer();
        var ending = await BodyReader.ReadAsync(request.BodyReader, request.ContentLength, RequestBytesMax + GrpcFrame.HeaderBytes, room, budget, body, cancellation);
        if (ending == BodyReader.Ending.NoRoom)
            return (null, Busy);
        if (ending == BodyReader.Ending.TooLarge)
            return (null, TooLarge);
        if (GrpcRequest.FrameProblem(body.WrittenSpan, coding, out var isCompressed) is { } problem)
            return (null, new GrpcOutcome(GrpcStatus.Internal, problem));
        var message = body.WrittenMemory[GrpcFrame.HeaderBytes..];
        return isCompressed ? Decompress(coding, message.Span) : (message.ToArray(), default);
    }

    static (byte[]?, GrpcOutcome) Decompress(ContentCoding coding, ReadOnlySpan<byte> message)
    {
        using var inflated = new PooledBuffer();
        return Decompression.TryDecompress(coding, message, RequestBytesMax, inflated) switch
        {
            DecompressionOutcome.Done => (inflated.WrittenSpan.ToArray(), default),
            DecompressionOutcome.TooLarge => (null, TooLarge),
            _ => (null, GrpcOutcome.Invalid($"The message is not valid {coding.ToString().ToLowerInvariant()}.")),
        };
    }

    static GrpcOutcome Busy => new(GrpcStatus.Unavailable, "The server is busy with other requests; ask again in a moment.", TimeSpan.FromSeconds(1));

    static GrpcOutcome TooLarge => new(GrpcStatus.ResourceExhausted, $"The message is larger than the {RequestBytesMax} bytes that a question may take.");

    // The others mean that the client broke the connection, which the port counts.
    static bool IsOurs(Exception failure) =>
        failure is not (OutOfMemoryException or OperationCanceledException or ConnectionResetException or ConnectionAbortedException or BadHttpRequestException);
}
