using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Clew.Server.Hosting;

/// <summary>Hands Kestrel's requests to one delegate. An exception that reaches this point is logged, and the client learns only that there was one.</summary>
internal sealed class HttpApplication(RequestDelegate handler, ServerLog log) : IHttpApplication<HttpContext>
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
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: nobody is left to answer.
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

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        if (context is DefaultHttpContext { Features: IHostContextContainer<HttpContext> } reusable)
            reusable.Uninitialize();
    }
}
