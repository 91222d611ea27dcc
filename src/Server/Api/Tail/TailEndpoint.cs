using System.Globalization;
using System.Text;
using System.Text.Json;
using Clew.Collector;
using Clew.TraceQL;
using Microsoft.AspNetCore.Http;
using Pipeline = Clew.TraceQL.Syntax.Pipeline;

namespace Clew.Server.Api.Tail;

/// <summary>The spans that a query matches as they are acknowledged, as server-sent events.</summary>
/// <remarks>
/// An event without a name is a span. The event <c>lost</c> says how many are not shown because the client reads too slowly; the event <c>end</c>, the last one, why the server stopped looking. A comment comes first, and whenever there was nothing
/// to say for a while.
/// </remarks>
/// <param name="stopping">Ends all of them.</param>
internal sealed class TailEndpoint(IngestTap tap, TimeProvider time, CancellationToken stopping)
{
    public const int ListenersMax = 16;

    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    int _listening;

    public ApiEndpoint[] All => [new("tail", "tail", ["q"], TailAsync) { IsEndless = true }];

    async Task TailAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        var spans = parameters.ReadSpans("A tail shows");
        if (spans is not null && SpanFilter.FindWholeTraceStep(spans) is { } step)
            parameters.Fail($"A tail sees spans one by one as they come in, and {step} needs their whole trace: leave it out.", "q");
        if (spans is null || parameters.Error is not null)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, parameters.Error!);
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _listening) <= ListenersMax)
                await SendAsync(context, spans);
            else
                await RefuseAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _listening);
        }
    }

    async Task SendAsync(HttpContext context, Pipeline spans)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var queue = new TailQueue(spans, time);
        using var seat = tap.Listen(queue.Look);
        try
        {
            await WriteAsync(context, $": the spans of {spans} as they come in\n\n", ended.Token);
            while (!ended.IsCancellationRequested && queue.End is null)
                await SendSomeAsync(context, queue, ended.Token);
            if (queue.End is { } reason)
                await EndAsync(context, queue, reason, ended.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The server stops: what was said is said, and the answer ends in order.
        }
    }

    static async Task SendSomeAsync(HttpContext context, TailQueue queue, CancellationToken cancellation)
    {
        if (!await queue.WaitAsync(Heartbeat, cancellation))
        {
            if (queue.End is null)
                await WriteAsync(context, ": nothing new\n\n", cancellation);
            return;
        }

        while (queue.TryTake(out var span))
        {
            await context.Response.BodyWriter.WriteAsync("data: "u8.ToArray(), cancellation);
            await context.Response.BodyWriter.WriteAsync(span, cancellation);
            await context.Response.BodyWriter.WriteAsync("\n\n"u8.ToArray(), cancellation);
        }

        if (queue.TakeLostCount() is > 0 and var lost)
            await WriteAsync(context, string.Create(CultureInfo.InvariantCulture, $"event: lost\ndata: {{\"count\":{lost}}}\n\n"), cancellation);
    }

    static async Task EndAsync(HttpContext context, TailQueue queue, string reason, CancellationToken cancellation)
    {
        await SendSomeAsync(context, queue, cancellation);
        await WriteAsync(context, $"event: end\ndata: {{\"message\":\"{JsonEncodedText.Encode(reason)}\"}}\n\n", cancellation);
    }

    static async Task WriteAsync(HttpContext context, string text, CancellationToken cancellation) =>
        await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);

    static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "10";
        return ApiError.WriteAsync(context, StatusCodes.Status429TooManyRequests, new ApiError($"{ListenersMax} tails, as many as there may be, are open; close one."));
    }
}
