using Clew.Collector.Metrics;
using Clew.Server.Api;
using Clew.Server.Health;
using Clew.Server.Jaeger;
using Clew.Server.Jaeger.V3;
using Clew.Server.WebUi;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Hosting;

/// <summary>What lies where on the UI's port.</summary>
internal sealed class UiPort(
    AllowedHosts hosts, CounterFamily garbage, ClewApi clewApi, JaegerApi jaegerApi, QueryServiceHttp jaegerV3, HealthEndpoints health, MetricsEndpoint metrics, WebUiFiles pages)
{
    public Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        // A client whose base URL ends with a slash asks for //api/….
        if (context.Request.Path.Value is ['/', '/', ..] doubled)
            context.Request.Path = new PathString("/" + doubled.TrimStart('/'));
        var path = context.Request.Path;
        // Probes come by whatever name their platform has for this server, and health gives nothing of a trace away.
        if (!path.StartsWithSegments("/health", StringComparison.Ordinal) && !hosts.Allows(context.Request.Host))
            return RefuseHostAsync(context);
        return path.StartsWithSegments("/api/clew", StringComparison.Ordinal) ? clewApi.HandleAsync(context)
            : path.StartsWithSegments("/api/v3", StringComparison.Ordinal) ? jaegerV3.HandleAsync(context)
            : path.StartsWithSegments("/api", StringComparison.Ordinal) ? jaegerApi.HandleAsync(context)
            : path == "/sampling" ? JaegerApi.NoSamplingAsync(context)
            : path.StartsWithSegments("/health", StringComparison.Ordinal) ? health.HandleAsync(context)
            : path == "/metrics" ? metrics.HandleAsync(context)
            : pages.HandleAsync(context);
    }

    Task RefuseHostAsync(HttpContext context)
    {
        garbage.With("ui", "foreign_host").Increment();
        return AllowedHosts.RefuseAsync(context);
    }
}
