using System.Diagnostics;
using static Clew.Cli.Demo.Simulation;

namespace Clew.Cli.Demo;

/// <summary>A pipeline of agents: HTTP gateway → orchestrator → agents and their tools → language model gateway → provider.</summary>
internal sealed class AgentsWorkload : IWorkload
{
    const string System = "jeeves";
    static readonly string[] Pipelines = ["research", "support", "code-review"];
    static readonly string[] Tools = ["web.search", "calendar.lookup", "sql.query", "file.read"];

    readonly InstrumentedService _gateway;
    readonly InstrumentedService _orchestrator;
    readonly LanguageModelGateway _models;

    public AgentsWorkload(DemoTelemetry telemetry)
    {
        _gateway = new InstrumentedService(telemetry, System, "jeeves-gateway", "gateway-1");
        _orchestrator = new InstrumentedService(telemetry, System, "jeeves-orchestrator", "orchestrator-1");
        _models = new LanguageModelGateway(new InstrumentedService(telemetry, System, "jeeves-llm-gateway", "llm-gateway-1"));
    }

    public async Task HandleAsync(CancellationToken cancellation)
    {
        using var request = _gateway.StartRoot("http.request", ActivityKind.Server);
        var requestId = NewId("req");
        request.SetTags(
            ("http.request.method", "POST"), ("http.route", "/api/v1/chat"), ("url.path", "/api/v1/chat"), ("url.scheme", "http"), ("server.port", 8000),
            ("jeeves.request.id", requestId), ("jeeves.user.id", $"user-{Random.Shared.Next(40)}"));
        try
        {
            using (var call = _gateway.Start("grpc.ExecutePipeline", ActivityKind.Client))
            {
                call.SetTags(("rpc.system", "grpc"), ("rpc.service", "jeeves.Orchestrator"), ("rpc.method", "ExecutePipeline"), ("jeeves.request.id", requestId));
                await CallAsync(call, headers => ExecutePipelineAsync(headers, requestId, cancellation));
            }

            using var response = _gateway.Start("http.response");
            await WorkAsync(2, cancellation);
            request.SetTag("http.response.status_code", 200);
        }
        catch (SimulatedFault fault)
        {
            request.SetTag("http.response.status_code", 502);
            request.Fail(fault);
        }
    }

    public void Dispose() => Parallel.Invoke(_gateway.Dispose, _orchestrator.Dispose, _models.Dispose);

    async Task ExecutePipelineAsync(MessageHeaders headers, string requestId, CancellationToken cancellation)
    {
        using var pipeline = _orchestrator.StartRemote(headers, "pipeline.execute", ActivityKind.Server);
        var mode = Chance(0.5) ? "parallel" : "sequential";
        pipeline.SetTags(
            ("jeeves.pipeline.name", Pick(Pipelines)), ("jeeves.request.id", requestId), ("jeeves.envelope.id", NewId("env")), ("pipeline.mode", mode));
        pipeline.AddEvent("pipeline.started");
        try
        {
            await ProcessAsync("router", "service", requestId, cancellation);
            await ProcessAsync("planner", "llm", requestId, cancellation);
            string[] workers = ["researcher", "coder", "executor"];
            if (mode == "parallel")
            {
                await Task.WhenAll(workers.Select(worker => ProcessAsync(worker, worker == "executor" ? "tool" : "llm", requestId, cancellation)));
            }
            else
            {
                foreach (var worker in workers)
                    await ProcessAsync(worker, worker == "executor" ? "tool" : "llm", requestId, cancellation);
            }

            await ProcessAsync("critic", "llm", requestId, cancellation);
            if (Chance(0.08))
                pipeline.SetTag("termination.reason", "max_iterations");
            pipeline.SetStatus(ActivityStatusCode.Ok);
            pipeline.AddEvent("pipeline.completed");
        }
        catch (SimulatedFault fault)
        {
            pipeline.SetTag("termination.reason", "error");
            pipeline.Fail(fault);
            throw;
        }
    }

    async Task ProcessAsync(string agent, string type, string requestId, CancellationToken cancellation)
    {
        using var process = _orchestrator.Start("agent.process");
        process.SetTags(("jeeves.agent.name", agent), ("jeeves.agent.type", type), ("jeeves.request.id", requestId));
        try
        {
            var modelCalls = 0;
            switch (type)
            {
                case "service":
                    await WorkAsync(12, cancellation);
                    break;
                case "tool":
                    await Task.WhenAll(UseToolAsync(Pick(Tools), cancellation), UseToolAsync(Pick(Tools), cancellation));
                    break;
                default:
                    modelCalls = Chance(0.25) ? 2 : 1;
                    for (var call = 0; call < modelCalls; call++)
                        await GenerateAsync(agent, requestId, cancellation);
                    break;
            }

            process.SetTag("jeeves.llm.calls", modelCalls);
            process.SetStatus(ActivityStatusCode.Ok);
        }
        catch (SimulatedFault fault)
        {
            process.Fail(fault);
            throw;
        }
    }

    async Task GenerateAsync(string agent, string requestId, CancellationToken cancellation)
    {
        using var call = _orchestrator.Start("grpc.Generate", ActivityKind.Client);
        call.SetTags(("rpc.system", "grpc"), ("rpc.service", "jeeves.LlmGateway"), ("rpc.method", "Generate"), ("jeeves.agent.name", agent));
        await CallAsync(call, headers => _models.GenerateAsync(headers, agent, requestId, cancellation));
    }

    async Task UseToolAsync(string tool, CancellationToken cancellation)
    {
        using var execute = _orchestrator.Start($"execute_tool {tool}");
        execute.SetTags(("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", tool), ("gen_ai.tool.call.id", NewId("call")));
        await WorkAsync(60, cancellation);
        if (!Chance(0.05))
            return;
        // The agent can do without: the failure stays in this span.
        execute.Fail(new SimulatedFault($"{tool} answered with an empty result"));
    }

    // A failure over there fails the call here, with the same words.
    static async Task CallAsync(Activity call, Func<MessageHeaders, Task> receive)
    {
        try
        {
            await SendAsync(call, receive);
            call.SetTag("rpc.grpc.status_code", 0);
        }
        catch (SimulatedFault fault)
        {
            call.SetTag("rpc.grpc.status_code", 14);
            call.Fail(fault);
            throw;
        }
    }
}
