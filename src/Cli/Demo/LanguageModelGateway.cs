using System.Diagnostics;
using static Clew.Cli.Demo.Simulation;

namespace Clew.Cli.Demo;

/// <summary>Calls one of several language model providers, and the next one when it is refused.</summary>
internal sealed class LanguageModelGateway(InstrumentedService service) : IDisposable
{
    static readonly (string Provider, string Model, double MillisPerToken, double DollarsPerMillionTokens)[] Models =
    [
        ("llamaserver", "llama-3.3-70b", 1.2, 0), ("openai", "gpt-4o-mini", 0.5, 0.6), ("anthropic", "claude-haiku", 0.6, 4),
    ];

    /// <exception cref="SimulatedFault">No provider answered.</exception>
    public async Task GenerateAsync(MessageHeaders headers, string agent, string requestId, CancellationToken cancellation)
    {
        using var generate = service.StartRemote(headers, "llm.generate", ActivityKind.Server);
        generate.SetTags(("jeeves.agent.name", agent), ("jeeves.request.id", requestId));
        var first = Random.Shared.Next(Models.Length);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CallProviderAsync(Models[(first + attempt - 1) % Models.Length], agent, requestId, attempt, cancellation);
                generate.SetTag("llm.attempts", attempt);
                return;
            }
            catch (SimulatedFault refused) when (attempt < 2)
            {
                generate.AddEvent("llm.fallback", ("reason", refused.Message));
            }
            catch (SimulatedFault refused)
            {
                generate.Fail(refused);
                throw;
            }
        }
    }

    public void Dispose() => service.Dispose();

    async Task CallProviderAsync(
        (string Provider, string Model, double MillisPerToken, double DollarsPerMillionTokens) model, string agent, string requestId, int attempt,
        CancellationToken cancellation)
    {
        using var call = service.Start("llm.provider.call", ActivityKind.Client);
        call.SetTags(
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", model.Provider), ("gen_ai.request.model", model.Model),
            ("jeeves.llm.provider", model.Provider), ("jeeves.llm.model", model.Model), ("jeeves.agent.name", agent), ("jeeves.request.id", requestId),
            ("llm.attempt", attempt));
        try
        {
            await WorkAsync(35, cancellation);
            if (Chance(attempt == 1 ? 0.07 : 0.25))
                throw new SimulatedFault($"{model.Provider} answered 429 Too Many Requests: retry after 2 s");
            call.AddEvent("gen_ai.first_token");
            int inputTokens = Random.Shared.Next(200, 6_000), outputTokens = Random.Shared.Next(40, 400);
            await WorkAsync(outputTokens * model.MillisPerToken, cancellation);
            call.SetTags(
                ("gen_ai.usage.input_tokens", inputTokens), ("gen_ai.usage.output_tokens", outputTokens), ("gen_ai.response.model", model.Model),
                ("gen_ai.response.finish_reasons", new[] { "stop" }),
                ("jeeves.llm.cost_usd", Math.Round((inputTokens + (3 * outputTokens)) * model.DollarsPerMillionTokens / 1e6, 6)));
            call.SetStatus(ActivityStatusCode.Ok);
        }
        catch (SimulatedFault fault)
        {
            call.Fail(fault);
            throw;
        }
    }
}
