using System.Diagnostics;
using Clew.Collector;
using Clew.Collector.Metrics;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Health;

/// <summary>Figures that the store and the process keep, as metrics.</summary>
internal static class ServerMetrics
{
    public static void AddStore(MetricRegistry registry, ITraceStore store)
    {
        Gauge("clew_stored_spans", "Spans that queries can see.", statistics => statistics.SpanCount);
        Gauge("clew_head_spans", "Of those, spans not yet sealed into a block.", statistics => statistics.HeadSpanCount);
        Gauge("clew_blocks", "Blocks on disk.", statistics => statistics.BlockCount);
        Gauge("clew_block_bytes", "Bytes of all blocks.", statistics => statistics.BlockBytes);
        Gauge("clew_segments", "Segments on disk.", statistics => statistics.SegmentCount);
        Gauge("clew_segment_bytes", "Bytes of all segments.", statistics => statistics.SegmentBytes);
        Gauge("clew_store_in_flight_bytes", "Bytes of batches accepted and not yet durable.", statistics => statistics.InFlightBytes);
        Gauge("clew_store_damage", "Damages found on disk since the start; /health/deep describes them.", statistics => statistics.Damage.Count);
        Gauge("clew_store_refusing", "1 while the store refuses spans, or is about to because it cannot seal, else 0.", statistics => statistics.Trouble.Length > 0 ? 1 : 0);
        Counter("clew_appended_spans", "Spans made durable.", statistics => statistics.AppendedSpanCount);
        Counter("clew_appended_bytes", "Bytes made durable.", statistics => statistics.AppendedBytes);
        Counter("clew_flushes", "Flushes to disk.", statistics => statistics.FlushCount);
        Counter("clew_flush_seconds", "Time spent in flushes to disk; over clew_flushes it is their mean latency.", statistics => statistics.FlushSeconds);
        Counter("clew_unlisted_operations", "Operations met that the bounded lists of services and operations did not take.", statistics => statistics.UnlistedOperationCount);
        Counter("clew_store_refused_batches", "Batches the store refused.", statistics => statistics.RefusedBatchCount);
        Gauge("clew_store_unreachable", "Tiers that do not take blocks or do not answer at the moment; /health/deep describes them.", statistics => statistics.Unreachable.Count);
        AddCompaction(registry, store);

        void Gauge(string name, string help, Func<StoreStatistics, double> read) => registry.AddObserved(name, MetricType.Gauge, help, () => read(store.Statistics));
        void Counter(string name, string help, Func<StoreStatistics, double> read) => registry.AddObserved(name, MetricType.Counter, help, () => read(store.Statistics));
    }

    static void AddCompaction(MetricRegistry registry, ITraceStore store)
    {
        Counter("clew_sealed_bytes", "Bytes of blocks that segments became.", statistics => statistics.SealedBytes);
        Counter("clew_merges", "Merges of blocks.", statistics => statistics.MergeCount);
        Counter("clew_merged_spans", "Spans that merges wrote again.", statistics => statistics.MergedSpanCount);
        Counter("clew_merged_bytes", "Bytes that merges wrote; over clew_sealed_bytes they are what merging adds to each byte written.", statistics => statistics.MergedBytes);
        Counter("clew_moved_blocks", "Blocks moved to where their level lives, outside of the data folder.", statistics => statistics.MovedBlockCount);
        Counter("clew_moved_bytes", "Bytes of those blocks.", statistics => statistics.MovedBytes);
        Counter("clew_bucket_reads", "Requests for parts of blocks outside of the data folder that were not in the cache.", statistics => statistics.BucketReadCount);
        Counter("clew_bucket_read_bytes", "Bytes that those requests brought.", statistics => statistics.BucketReadBytes);
        registry.AddObserved(
            "clew_level_spans", MetricType.Gauge, "Spans in blocks, by level.", "level", "",
            () => store.Statistics.Levels.Select(level => (Name(level.Level), "", (double)level.SpanCount)));
        registry.AddObserved(
            "clew_level_bytes", MetricType.Gauge, "Bytes of blocks, by level.", "level", "",
            () => store.Statistics.Levels.Select(level => (Name(level.Level), "", (double)level.Bytes)));
        registry.AddObserved(
            "clew_expired_spans", MetricType.Counter, "Spans removed since the store was created, by level and cause: age or budget.", "level", "cause",
            () => store.Statistics.Expired.Select(expired => (Name(expired.Level), Name(expired.Cause), (double)expired.SpanCount)));
        registry.AddObserved(
            "clew_expired_bytes", MetricType.Counter, "Bytes of blocks removed since the store was created, by level and cause.", "level", "cause",
            () => store.Statistics.Expired.Select(expired => (Name(expired.Level), Name(expired.Cause), (double)expired.Bytes)));
        registry.AddObserved(
            "clew_dropped_traces", MetricType.Counter, "Traces that keep rules dropped since the store was created, by reason.", "reason", "",
            () => store.Statistics.Dropped.Select(dropped => (dropped.Reason, "", (double)dropped.TraceCount)));
        registry.AddObserved(
            "clew_dropped_spans", MetricType.Counter, "Spans of traces that keep rules dropped since the store was created, by reason.", "reason", "",
            () => store.Statistics.Dropped.Select(dropped => (dropped.Reason, "", (double)dropped.SpanCount)));

        static string Name(Enum value) => value.ToString().ToLowerInvariant();
        void Counter(string name, string help, Func<StoreStatistics, double> read) => registry.AddObserved(name, MetricType.Counter, help, () => read(store.Statistics));
    }

    public static void AddBudget(MetricRegistry registry, IngestBudget budget)
    {
        registry.AddObserved("clew_in_flight_requests", MetricType.Gauge, "Export requests being handled.", () => budget.Requests);
        registry.AddObserved("clew_in_flight_bytes", MetricType.Gauge, "Bytes that export requests being handled hold.", () => budget.Bytes);
    }

    public static void AddQueries(MetricRegistry registry, QueryMemory memory, WholeTraces traces)
    {
        registry.AddObserved("clew_query_memory_bytes", MetricType.Gauge, "Memory that queries at work have taken, estimated.", () => memory.Bytes);
        registry.AddObserved(
            "clew_left_out_traces", MetricType.Counter, "Traces that lists were answered without, because one takes more memory than query.trace_bytes_max.", () => traces.LeftOutCount);
    }

    public static void AddProcess(MetricRegistry registry)
    {
        var started = StartSeconds();
        registry.AddObserved("process_cpu_seconds", MetricType.Counter, "Processor time of this process, user and system.", () => Environment.CpuUsage.TotalTime.TotalSeconds);
        registry.AddObserved("process_resident_memory_bytes", MetricType.Gauge, "Memory of this process.", () => Environment.WorkingSet);
        registry.AddObserved("process_start_time_seconds", MetricType.Gauge, "When this process started, in seconds since 1970.", () => started);
        registry.AddObserved("clew_managed_memory_bytes", MetricType.Gauge, "Of that memory, what the garbage collector holds.", () => GC.GetTotalMemory(false));
        registry.AddObserved("clew_gc_pause_seconds", MetricType.Counter, "Time that garbage collection stopped everything else.", () => GC.GetTotalPauseDuration().TotalSeconds);
    }

    static double StartSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }
}
