using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>A language model server with a key-value cache of three tiers: one span per look-up, more where it had to read the SSD or make room.</summary>
internal sealed class KeyValueCacheTraces : IWorkloadTraces
{
    const string System = "nlocalmodels";
    static readonly string[] Models = ["llama-3.3-70b", "qwen2.5-32b", "phi-4"];
    static readonly string[] EvictionReasons = ["memory_pressure", "cache_full"];

    readonly ServiceInstance[] _servers = ServiceInstance.Several(System, "llm-server", "llm-server", 3, "1.2.0", "nlocalmodels.server");
    readonly ServiceInstance[] _caches = ServiceInstance.Several(System, "kv-cache", "kv-cache", 3, "1.2.0", "nlocalmodels.cache");

    public IEnumerable<TraceDraft> Draw(SeededRandom random, long startNanos)
    {
        var trace = new TraceDraft(random, startNanos);
        var index = (int)random.Next(0, _servers.Length - 1);
        var (server, cache) = (_servers[index], _caches[index]);
        var root = trace.Open(null, server, "llm_inference", SpanKind.Server);
        trace.Mark("request.id", "gen-");
        root.Set("model.name", random.Pick(Models)).Set("request.tokens", random.Next(64, 8_192)).Set("batch.size", random.Next(1, 32));
        trace.Step(root, server, "cache_init", 900).Set("component", "kv_cache").Set("cache.capacity_bytes", 1L << (int)random.Next(30, 36));
        var processing = trace.Open(root, server, "token_processing");
        LookUp(trace, random, processing, cache);
        if (random.Chance(0.6))
            Evict(trace, random, processing, cache);
        TraceDraft.Close(processing);
        trace.Step(root, server, "attention_compute", 18_000).Set("model.layers", 32L).Set("execution.device", $"cuda:{random.Next(0, 7)}").Set("attention.heads", 64L);
        trace.Step(root, server, "response_generation", 260_000).Set("response.tokens", random.Next(16, 2_048));
        TraceDraft.Close(root);
        if (random.Chance(0.012))
        {
            TraceDraft.Fail(
                trace.Spans.First(span => span.Service == cache), "IOError", $"read of block {random.Next(0, 0xFFFF):x4} from nvme{random.Next(0, 3)} failed: input/output error");
        }

        return [trace];
    }

    static void LookUp(TraceDraft trace, SeededRandom random, SpanDraft parent, ServiceInstance cache)
    {
        var layerCount = (int)random.Next(16, 32);
        for (var layer = 0; layer < layerCount; layer++)
        {
            var tier = random.NextDouble() switch { < 0.72 => "hot", < 0.9 => "warm", _ => "cold" };
            var lookUp = trace.Open(parent, cache, "cache_lookup", SpanKind.Server);
            lookUp.Set("component", "kv_cache").Set("cache.tier", tier).Set("cache.hit", random.Chance(0.87))
                .Set("cache.layer", (long)layer).Set("token.position", random.Next(0, 32_000)).Set("attention.score", Math.Round(random.NextDouble(), 6));
            trace.Work(30);
            if (tier == "cold")
            {
                trace.Step(lookUp, cache, "ssd_read", 160).Set("io.bytes", 4_096 * random.Next(1, 512)).Set("io.device", $"nvme{random.Next(0, 3)}");
                lookUp.Note("cold_tier_access");
            }

            TraceDraft.Close(lookUp);
        }
    }

    static void Evict(TraceDraft trace, SeededRandom random, SpanDraft parent, ServiceInstance cache)
    {
        var evict = trace.Open(parent, cache, "cache_eviction", SpanKind.Server);
        evict.Set("eviction.policy", "adaptive_lru").Set("eviction.tokens", random.Next(64, 4_096)).Set("eviction.reason", random.Pick(EvictionReasons));
        trace.Step(evict, cache, "score_calculation", 500).Set("cache.entries", random.Next(100, 90_000));
        trace.Step(evict, cache, "ssd_write", 900).Set("io.bytes", 4_096 * random.Next(16, 4_096)).Set("io.device", $"nvme{random.Next(0, 3)}");
        trace.Step(evict, cache, "cleanup", 120).Set("component", "kv_cache");
        evict.Note("eviction_completed");
        TraceDraft.Close(evict);
    }
}
