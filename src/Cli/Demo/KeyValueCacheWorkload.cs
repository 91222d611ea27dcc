using System.Diagnostics;
using static Clew.Cli.Demo.Simulation;

namespace Clew.Cli.Demo;

/// <summary>A language model server with a key-value cache of two tiers: memory, and an SSD that is slow when it is asked.</summary>
internal sealed class KeyValueCacheWorkload : IWorkload
{
    const string System = "nlocalmodels";
    const int LayerCount = 32;
    static readonly string[] EvictionReasons = ["memory_pressure", "cache_full"];

    readonly InstrumentedService _server;
    readonly InstrumentedService _cache;

    public KeyValueCacheWorkload(DemoTelemetry telemetry)
    {
        _server = new InstrumentedService(telemetry, System, "llm-server", "llm-server-1");
        _cache = new InstrumentedService(telemetry, System, "kv-cache", "kv-cache-1");
    }

    public async Task HandleAsync(CancellationToken cancellation)
    {
        using var inference = _server.StartRoot("llm_inference", ActivityKind.Server);
        inference.SetTags(("model.name", "llama-3.3-70b"), ("request.id", NewId("req")), ("request.tokens", Random.Shared.Next(64, 4_096)));
        try
        {
            using (_server.Start("cache_init"))
                await WorkAsync(2, cancellation);
            await ProcessTokensAsync(cancellation);
            using (var attention = _server.Start("attention_compute"))
            {
                attention.SetTag("model.layers", LayerCount);
                await WorkAsync(Chance(0.05) ? 900 : 220, cancellation);
            }

            using (_server.Start("response_generation"))
                await WorkAsync(30, cancellation);
            inference.SetTag("response.tokens", Random.Shared.Next(32, 512));
            inference.SetStatus(ActivityStatusCode.Ok);
        }
        catch (SimulatedFault fault)
        {
            inference.Fail(fault);
        }
    }

    public void Dispose() => Parallel.Invoke(_server.Dispose, _cache.Dispose);

    async Task ProcessTokensAsync(CancellationToken cancellation)
    {
        using var processing = _server.Start("token_processing");
        var coldLayers = Enumerable.Range(0, LayerCount).Where(_ => Chance(0.12)).ToHashSet();
        await CallCacheAsync("cache.lookup", headers => LookUpAsync(headers, coldLayers, cancellation));
        if (coldLayers.Count > 3 || Chance(0.1))
            await CallCacheAsync("cache.evict", headers => EvictAsync(headers, cancellation));
    }

    async Task CallCacheAsync(string method, Func<MessageHeaders, Task> receive)
    {
        using var call = _server.Start(method, ActivityKind.Client);
        call.SetTag("component", "kv_cache");
        try
        {
            await SendAsync(call, receive);
        }
        catch (SimulatedFault fault)
        {
            call.Fail(fault);
            throw;
        }
    }

    /// <summary>Layers in memory are many, alike and fast: they share one span that tells their number. Each layer on the SSD has its own.</summary>
    async Task LookUpAsync(MessageHeaders headers, HashSet<int> coldLayers, CancellationToken cancellation)
    {
        using var lookUp = _cache.StartRemote(headers, "cache_lookup", ActivityKind.Server);
        lookUp.SetTags(("component", "kv_cache"), ("cache.hit", true), ("cache.tier", "hot"), ("cache.layers", LayerCount - coldLayers.Count));
        lookUp.AddEvent("hot_tier_access", ("layers", LayerCount - coldLayers.Count));
        await WorkAsync(4, cancellation);
        try
        {
            await Task.WhenAll(coldLayers.Order().Select(layer => LookUpColdAsync(layer, cancellation)));
        }
        catch (SimulatedFault fault)
        {
            lookUp.SetStatus(ActivityStatusCode.Error, fault.Message);
            throw;
        }
    }

    async Task LookUpColdAsync(int layer, CancellationToken cancellation)
    {
        using var lookUp = _cache.Start("cache_lookup");
        lookUp.SetTags(("component", "kv_cache"), ("cache.hit", true), ("cache.tier", "cold"), ("cache.layer", layer));
        lookUp.AddEvent("cold_tier_access");
        using var read = _cache.Start("ssd_read");
        read.SetTags(("io.bytes", 2_097_152), ("cache.layer", layer));
        try
        {
            await WorkAsync(15, cancellation);
            if (Chance(0.006))
                throw new SimulatedFault($"read of layer {layer} from /var/cache/kv/block-{layer:x2} failed: input/output error");
        }
        catch (SimulatedFault fault)
        {
            read.Fail(fault);
            lookUp.SetStatus(ActivityStatusCode.Error, fault.Message);
            throw;
        }
    }

    async Task EvictAsync(MessageHeaders headers, CancellationToken cancellation)
    {
        using var evict = _cache.StartRemote(headers, "cache_eviction", ActivityKind.Server);
        evict.SetTags(
            ("eviction.policy", Chance(0.8) ? "adaptive_lru" : "simple_lru"), ("eviction.tokens", Random.Shared.Next(64, 1_024)), ("eviction.reason", Pick(EvictionReasons)));
        await StepAsync("score_calculation", 5, cancellation);
        await StepAsync("ssd_write", 20, cancellation);
        await StepAsync("cleanup", 5, cancellation);
        evict.AddEvent("eviction_completed");
    }

    async Task StepAsync(string name, double millis, CancellationToken cancellation)
    {
        using var step = _cache.Start(name);
        step.SetTag("component", "kv_cache");
        await WorkAsync(millis, cancellation);
    }
}
