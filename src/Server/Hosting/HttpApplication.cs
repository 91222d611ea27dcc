using Clew.Collector.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Clew.Server.Hosting;

/// <summary>Hands Kestrel's requests to one delegate. An exception that reaches this point is logged, and the client learns only that there was one.</summary>
/// <param name="gone">Counts the clients that left before they had their answer: that is their business, and not a line in our log.</param>
internal sealed class HttpApplication(RequestDelegate handler, ServerLog log, Counter gone) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        // Kestrel keeps one context per connection (or pooled stream) for us, if we ask.
        if (contextFeatures is not IHostContextContainer<HttpContext> container)
            return new DefaultHttpContext(contextFeatures);
        var context = (DefaultHttpContext)(container.HostContext ??= new DefaultHttpContext());
        context.Initialize(contextFeatures);
        return context;
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await handler(context);
        }
        catch (Exception failure) when (IsGone(failure, context))
        {
            // Nobody is left to answer.
            gone.Increment();
            context.Abort();
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = bad.StatusCode;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            log.Error($"{context.Request.Method} {context.Request.Path} failed", failure);

            // Half an answer must not look like a whole one.
            if (context.Response.HasStarted || context.Response.BodyWriter.UnflushedBytes > 0)
                context.Abort();
            else
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    // Kestrel says it in different ways: a reset while reading a body may come before its own token fires.
    static bool IsGone(Exception failure, HttpContext context) =>
        failure is ConnectionResetException or ConnectionAbortedException
        || (failure is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        if (context is DefaultHttpContext { Features: IHostContextContainer<HttpContext> } reusable)
            reusable.Uninitialize();
    }
}
