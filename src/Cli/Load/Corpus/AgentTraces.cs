using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>A pipeline of agents: gateway → orchestrator → agents with their tools → language model gateway → provider.</summary>
internal sealed class AgentTraces : IWorkloadTraces
{
    const string System = "jeeves";
    static readonly string[] Pipelines = ["research", "support", "code-review", "triage"];
    static readonly string[] Tools = ["web.search", "calendar.lookup", "sql.query", "file.read", "ticket.update"];
    static readonly string[] FinishReasons = ["stop"];
    static readonly string[] Workers = ["researcher", "coder", "executor", "analyst", "writer"];
    static readonly (string Provider, string Model, double MicrosPerToken)[] Models =
        [("llamaserver", "llama-3.3-70b", 1_200), ("openai", "gpt-4o-mini", 500), ("anthropic", "claude-haiku", 600)];

    readonly ServiceInstance[] _gateways = ServiceInstance.Several(System, "jeeves-gateway", "gateway", 2, "4.1.0", "jeeves.gateway");
    readonly ServiceInstance[] _orchestrators = ServiceInstance.Several(System, "jeeves-orchestrator", "orchestrator", 3, "4.1.0", "jeeves.orchestrator");
    readonly ServiceInstance[] _models = ServiceInstance.Several(System, "jeeves-llm-gateway", "llm-gateway", 3, "1.9.2", "jeeves.llm");

    public IEnumerable<TraceDraft> Draw(SeededRandom random, long startNanos)
    {
        var trace = new TraceDraft(random, startNanos);
        var (gateway, orchestrator) = (random.Pick(_gateways), random.Pick(_orchestrators));
        var root = trace.Open(null, gateway, "http.request", SpanKind.Server);
        var request = trace.Mark("jeeves.request.id", "");
        root.Set("http.request.method", "POST").Set("http.route", "/api/v1/chat").Set("url.path", "/api/v1/chat").Set("url.scheme", "https").Set("server.port", 8443L)
            .Set("client.address", $"10.{random.Next(0, 15)}.{random.Next(0, 255)}.{random.Next(1, 254)}").Set("user_agent.original", "jeeves-web/5.0 (macOS; arm64)")
            .Set("jeeves.user.id", $"user-{random.Next(1, 20_000)}");
        trace.Work(300);
        var call = trace.Open(root, gateway, "grpc.ExecutePipeline", SpanKind.Client)
            .Set("rpc.system", "grpc").Set("rpc.service", "jeeves.Orchestrator").Set("rpc.method", "ExecutePipeline");
        trace.Work(250);
        var pipeline = trace.Open(call, orchestrator, "pipeline.execute", SpanKind.Server)
            .Set("jeeves.pipeline.name", random.Pick(Pipelines)).Set("jeeves.request.id", request);
        pipeline.Note("pipeline.started");
        RunAgents(trace, random, pipeline, request);
        pipeline.Note("pipeline.completed");
        TraceDraft.Close(pipeline);
        trace.Work(250);
        TraceDraft.Close(call.Set("rpc.grpc.status_code", 0L));
        trace.Step(root, gateway, "http.response", 900).Set("http.response.body.size", random.Next(300, 40_000));
        TraceDraft.Close(root);
        var isFailing = random.Chance(0.012);
        root.Set("http.response.status_code", isFailing ? 502L : 200L);
        if (isFailing)
            TraceDraft.Fail(trace.Spans.Last(span => span.Name == "llm.provider.call"), "RateLimitError", $"429 Too Many Requests: retry after {random.Next(1, 30)} s");
        return [trace];
    }

    void RunAgents(TraceDraft trace, SeededRandom random, SpanDraft pipeline, UniqueText request)
    {
        Think(trace, random, Process(trace, pipeline, "planner", "llm", request), request);
        var isParallel = random.Chance(0.5);
        pipeline.Set("pipeline.mode", isParallel ? "parallel" : "sequential");
        var (forkedAt, joinedAt) = (trace.NowNanos, trace.NowNanos);
        var workerCount = (int)random.Next(2, Workers.Length - 1);
        for (var index = 0; index < workerCount; index++)
        {
            if (isParallel)
                trace.NowNanos = forkedAt;
            var process = Process(trace, pipeline, Workers[index], Workers[index] == "executor" ? "tool" : "llm", request);
            if (Workers[index] == "executor")
                UseTools(trace, random, process);
            else
                Think(trace, random, process, request);
            joinedAt = Math.Max(joinedAt, trace.NowNanos);
        }

        trace.NowNanos = joinedAt;
        Think(trace, random, Process(trace, pipeline, "critic", "llm", request), request);
    }

    static SpanDraft Process(TraceDraft trace, SpanDraft pipeline, string agent, string type, UniqueText request)
    {
        trace.Work(120);
        return trace.Open(pipeline, pipeline.Service, "agent.process")
            .Set("jeeves.agent.name", agent).Set("jeeves.agent.version", "2026.11").Set("jeeves.agent.type", type).Set("jeeves.request.id", request);
    }

    void Think(TraceDraft trace, SeededRandom random, SpanDraft process, UniqueText request)
    {
        var calls = random.Chance(0.25) ? 2 : 1;
        for (var call = 0; call < calls; call++)
        {
            trace.Work(700);
            var generate = trace.Open(process, process.Service, "grpc.Generate", SpanKind.Client)
                .Set("rpc.system", "grpc").Set("rpc.service", "jeeves.LlmGateway").Set("rpc.method", "Generate");
            trace.Work(350);
            Generate(trace, random, generate, request);
            trace.Work(300);
            TraceDraft.Close(generate.Set("rpc.grpc.status_code", 0L));
        }

        TraceDraft.Close(process.Set("jeeves.llm.calls", (long)calls));
    }

    void Generate(TraceDraft trace, SeededRandom random, SpanDraft caller, UniqueText request)
    {
        var (provider, model, microsPerToken) = random.Pick(Models);
        var (input, output) = (random.Next(200, 6_000), random.Next(40, 700));
        var generate = trace.Open(caller, random.Pick(_models), "llm.generate", SpanKind.Server).Set("jeeves.request.id", request).Set("llm.temperature", 0.7);
        trace.Work(150);
        var call = trace.Open(generate, generate.Service, "llm.provider.call", SpanKind.Client);
        call.Set("gen_ai.operation.name", "chat").Set("gen_ai.provider.name", provider).Set("gen_ai.request.model", model).Set("gen_ai.response.id", $"chatcmpl-{random.Next():x16}").Set("server.address", $"{provider}.internal");
        trace.Work(45_000);
        call.Note("gen_ai.first_token");
        trace.Work(output * microsPerToken, 0.2);
        call.Set("gen_ai.usage.input_tokens", input).Set("gen_ai.usage.output_tokens", output)
            .Set("jeeves.llm.cost_usd", Math.Round((input + (3 * output)) * 0.6 / 1e6, 6)).Set("gen_ai.response.finish_reasons", FinishReasons);
        TraceDraft.Close(call);
        trace.Work(120);
        TraceDraft.Close(generate);
    }

    static void UseTools(TraceDraft trace, SeededRandom random, SpanDraft process)
    {
        var (forkedAt, joinedAt) = (trace.NowNanos, trace.NowNanos);
        for (var index = 0; index < 2; index++)
        {
            trace.NowNanos = forkedAt;
            var tool = random.Pick(Tools);
            trace.Step(process, process.Service, $"execute_tool {tool}", 60_000)
                .Set("gen_ai.operation.name", "execute_tool").Set("gen_ai.tool.name", tool).Set("gen_ai.tool.call.id", $"call-{random.Next():x16}");
            joinedAt = Math.Max(joinedAt, trace.NowNanos);
        }

        trace.NowNanos = joinedAt;
        TraceDraft.Close(process.Set("jeeves.llm.calls", 0L));
    }
}
