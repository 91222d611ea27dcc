using Clew.Collector.Metrics;
using Clew.Otlp;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Grpc;

/// <summary>A port that serves gRPC methods by their paths, such as <c>/jaeger.api_v3.QueryService/GetTrace</c>.</summary>
/// <param name="port">The label value of the port.</param>
/// <param name="purpose">One sentence about what it is for, told to who looks for something else; asked once the server listens.</param>
internal sealed class GrpcPort(string port, Func<string> purpose, IReadOnlyDictionary<string, GrpcMethod> methods, GrpcCalls calls, CounterFamily garbage)
{
    /// <summary>Whether a path is that of a method, whatever comes there.</summary>
    public bool Has(PathString path) => methods.ContainsKey(path.Value ?? "");

    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!GrpcRequest.IsCall(request))
        {
            garbage.With(port, "not_grpc").Increment();
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return context.Response.WriteAsync($"{purpose()} It speaks gRPC: POST with content type application/grpc.\n", context.RequestAborted);
        }

        context.Response.ContentType = GrpcRequest.AnswerTypeOf(request);
        if (methods.TryGetValue(request.Path.Value ?? "", out var method))
            return calls.RunAsync(context, method);
        GrpcAnswer.EndWithoutMessage(context.Response, new GrpcOutcome(GrpcStatus.Unimplemented, $"There is no method {request.Path} here. {purpose()}"));
        return Task.CompletedTask;
    }
}
