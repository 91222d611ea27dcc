using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>One trace, as OTLP/JSON.</summary>
internal sealed class TraceEndpoint(ITraceStore store, WholeTraces traces)
{
    public ApiEndpoint[] All => [new("trace", "traces/{id}", [], TraceAsync)];

    async Task TraceAsync(HttpContext context, string text)
    {
        if (!TraceId.TryParse(text, out var id) || id.IsAbsent)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, new ApiError($"'{text}' is not a trace id: expected up to 32 hexadecimal digits, not all zero.", "traceId"));
            return;
        }

        using var room = traces.NewRoom();
        if (await traces.FindAsync(id, room, context.RequestAborted) is not { } spans)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status404NotFound, new ApiError($"No span of trace {id} is stored: none has arrived here yet, or its time is over (storage.retention)."));
            return;
        }

        var decision = await store.FindDecisionAsync(id, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        await TraceJson.WriteAsync(DistinctSpans.Of(spans), decision, answer);
    }
}
