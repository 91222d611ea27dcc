using Clew.Collector.Metrics;
using Clew.Server.Grpc;
using Clew.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary>The port of Tempo's API: HTTP and gRPC, told apart by the content type of the request, and by the paths of methods.</summary>
internal sealed class TempoPort(AllowedHosts hosts, CounterFamily garbage, TempoApi api, GrpcPort grpc)
{
    public const string Name = "tempo";

    public Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        // Probes come by whatever name their platform has for this server, and give nothing of a trace away. Not so Grafana's test of a data source: it passes where queries do.
        if (context.Request.Path != "/ready" && !hosts.Allows(context.Request.Host))
        {
            garbage.With(Name, "foreign_host").Increment();
            return AllowedHosts.RefuseAsync(context);
        }

        return GrpcRequest.IsCall(context.Request) || grpc.Has(context.Request.Path) ? grpc.HandleAsync(context) : api.HandleAsync(context);
    }
}
