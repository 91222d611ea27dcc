using Clew.Collector.Metrics;
using Clew.Otlp;

namespace Clew.Collector;

/// <summary>What came in and what became of it. Whatever is not stored as it was sent is counted here by reason.</summary>
public sealed class IngestMetrics(MetricRegistry registry)
{
    static readonly double[] Latencies = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public CounterFamily Requests { get; } = registry.AddCounter("clew_received_requests", "Export requests that were answered, by protocol and status code.", "protocol", "code");

    public CounterFamily Bytes { get; } = registry.AddCounter("clew_received_bytes", "Bytes of export requests as they came, compressed or not.", "protocol", "encoding");

    public CounterFamily Spans { get; } = registry.AddCounter("clew_received_spans", "Spans of requests that could be decoded, rejected ones included.", "protocol", "encoding");

    public CounterFamily RefusedRequests { get; } = registry.AddCounter("clew_refused_requests", "Export requests of which nothing was stored, by reason.", "reason");

    public CounterFamily RejectedSpans { get; } = registry.AddCounter("clew_rejected_spans", "Spans left out of requests that were stored otherwise, by reason.", "reason");

    public CounterFamily IgnoredRequests { get; } = registry.AddCounter("clew_ignored_requests", "Export requests that were valid and held nothing that is known here, by reason.", "reason");

    public CounterFamily Repaired { get; } = registry.AddCounter("clew_repaired", "Strings that were changed to be valid, by reason.", "reason");

    public CounterFamily Garbage { get; } = registry.AddCounter("clew_garbage", "Connections and requests that did not speak the port's protocol, by port and reason.", "port", "reason");

    public CounterFamily DroppedTails { get; } = registry.AddCounter("clew_dropped_tails", "Tails that see no more spans, by reason.", "reason");

    public Histogram AppendSeconds { get; } =
        registry.AddHistogram("clew_append_seconds", "Time from a decoded request until its spans were durable.", Latencies).With();

    internal void Decoded(IngestRequest request, in ReadReport report)
    {
        var encoding = request.Encoding == WireEncoding.Json ? "json" : "protobuf";
        Bytes.With(request.Protocol, encoding).Add(request.Body.Length);
        Spans.With(request.Protocol, encoding).Add(report.SpanCount + report.RejectedSpanCount);
        if (report.RepairedStringCount > 0)
            Repaired.With("invalid_utf8").Add(report.RepairedStringCount);
        if (report.UnknownKey is { Length: > 0 })
            IgnoredRequests.With("unknown_key").Increment();
    }

    internal void Stored(in ReadReport report)
    {
        if (report.RejectedSpanCount == 0)
            return;
        RejectedSpans.With("trace_id").Add(report.InvalidTraceIdCount);
        RejectedSpans.With("span_id").Add(report.InvalidSpanIdCount);
        RejectedSpans.With("parent_span_id").Add(report.InvalidParentIdCount);
    }
}
