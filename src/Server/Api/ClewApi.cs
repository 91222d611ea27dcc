using Clew.Server.Queries;
using Clew.TraceQL;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>Clew's own JSON API (<c>/api/clew/v1/…</c>), which the web UI and the command line use: finds the endpoint, and refuses what none is meant to get.</summary>
internal sealed class ClewApi(QueryGate gate, IReadOnlyList<ApiEndpoint> endpoints)
{
    const string Name = "clew";

    public async Task HandleAsync(HttpContext context)
    {
        var endpoint = Find(RawTarget.Segments(context), out var part);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            await RefuseMethodAsync(context);
        else if (endpoint is null)
            await RefusePathAsync(context);
        else if (SearchParameters.FindUnknown(context.Request.Query, endpoint.Parameters) is { } unknown)
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, unknown);
        else if (endpoint.IsEndless)
            await endpoint.AnswerAsync(context, part);
        else
            await MeasureAsync(context, endpoint, part);
    }

    ApiEndpoint? Find(string[] segments, out string part)
    {
        part = "";
        if (segments is not ["api", "clew", "v1", .. var path])
            return null;
        foreach (var endpoint in endpoints)
        {
            if (endpoint.IsAt(path, out part))
                return endpoint;
        }

        return null;
    }

    async Task MeasureAsync(HttpContext context, ApiEndpoint endpoint, string part)
    {
        using var place = gate.TryEnter(Name, endpoint.Operation);
        if (place is null)
        {
            await RefuseBusyAsync(context, gate.BusyMessage);
            return;
        }

        try
        {
            await endpoint.AnswerAsync(context, part);
        }
        catch (TraceTooLargeException failure) when (!context.Response.HasStarted)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status422UnprocessableEntity, new ApiError($"{failure.Message}."));
        }
        catch (NoMemoryException) when (!context.Response.HasStarted)
        {
            await RefuseBusyAsync(context, gate.RefuseForMemory(Name));
        }
    }

    static Task RefuseBusyAsync(HttpContext context, string problem)
    {
        context.Response.Headers.RetryAfter = "1";
        return ApiError.WriteAsync(context, StatusCodes.Status429TooManyRequests, new ApiError(problem + "; ask again in a moment."));
    }

    Task RefusePathAsync(HttpContext context) => ApiError.WriteAsync(
        context, StatusCodes.Status404NotFound,
        new ApiError($"There is nothing at {context.Request.Path}; the API has {string.Join(", ", endpoints.Select(endpoint => endpoint.Path))} under /api/clew/v1."));

    static Task RefuseMethodAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return ApiError.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, new ApiError($"{context.Request.Method} is not allowed here; use GET."));
    }
}
