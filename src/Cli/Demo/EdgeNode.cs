using System.Diagnostics;
using static Clew.Cli.Demo.Simulation;

namespace Clew.Cli.Demo;

/// <summary>A peer that runs WASM tasks for its guild.</summary>
internal sealed class EdgeNode(InstrumentedService service)
{
    public InstrumentedService Service => service;

    public string Id => service.Instance;

    /// <returns>The span of the execution.</returns>
    /// <exception cref="SimulatedFault">The task trapped.</exception>
    public async Task<ActivityContext> ExecuteAsync(MessageHeaders headers, string guildId, string taskId, CancellationToken cancellation)
    {
        using (var receive = service.StartRemote(headers, "guild.receive_message", ActivityKind.Consumer))
        {
            receive.SetTags(("guild.id", guildId), ("message.type", "task_request"), ("peer.id", Id));
            await WorkAsync(3, cancellation);
        }

        using var task = service.StartRemote(headers, "execution.task", ActivityKind.Consumer);
        task.SetTags(("task.id", taskId), ("guild.id", guildId), ("wasm.module.size", 1_482_112));
        try
        {
            await StepAsync("execution.manifest.validate", 5, ("manifest.version", 2), cancellation);
            await StepAsync("execution.wasm.compile", 45, ("wasm.compiler", "cranelift"), cancellation);
            await StepAsync("execution.wasm.instantiate", 12, ("wasm.memory.pages", 256), cancellation);
            await RunAsync(cancellation);
            await StepAsync("execution.receipt.generate", 15, ("receipt.id", NewId("rcpt")), cancellation);
            await StepAsync("execution.resources.measure", 3, ("memory_used", Random.Shared.Next(1 << 20, 1 << 26)), cancellation);
            return task.Context;
        }
        catch (SimulatedFault fault)
        {
            task.Fail(fault);
            throw;
        }
    }

    async Task RunAsync(CancellationToken cancellation)
    {
        using var execute = service.Start("execution.wasm.execute");
        execute.SetTags(("wasm.function", "_start"), ("wasm.fuel_limit", 10_000_000));
        try
        {
            await WorkAsync(180, cancellation);
            if (Chance(0.04))
                throw new SimulatedFault("wasm trap: out of bounds memory access at 0x1f3a in _start");
        }
        catch (SimulatedFault fault)
        {
            execute.Fail(fault);
            throw;
        }
    }

    async Task StepAsync(string name, double millis, (string Key, object Value) attribute, CancellationToken cancellation)
    {
        using var step = service.Start(name);
        step.SetTags(attribute);
        await WorkAsync(millis, cancellation);
    }
}
