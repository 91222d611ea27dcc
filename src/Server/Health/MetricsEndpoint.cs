using Clew.Collector.Metrics;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Health;

/// <summary><c>/metrics</c>: OpenMetrics for those who ask for it, else the older Prometheus text.</summary>
internal sealed class MetricsEndpoint(MetricRegistry registry)
{
    public Task HandleAsync(HttpContext context)
    {
        var isOpenMetrics = context.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        context.Response.ContentType = isOpenMetrics ? OpenMetricsWriter.OpenMetricsContentType : OpenMetricsWriter.PrometheusContentType;
        registry.Write(new OpenMetricsWriter(context.Response.BodyWriter, isOpenMetrics));
        return Task.CompletedTask;
    }
}
