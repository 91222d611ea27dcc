using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Otlp;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Clew.Otlp.Benchmarks;

/// <summary>One request of <see cref="Samples"/>, from bytes to spans.</summary>
[MemoryDiagnoser]
public class DecodeExportRequest
{
    readonly SpanBatch _reused = new();
    readonly Room _room = new();
    byte[] _request = [];
    byte[] _json = [];

    /// <summary>Spans in the request; the exporters' default batch is 512.</summary>
    [Params(512)]
    public int Spans { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _request = Samples.ExportRequest(Spans);
        using var target = new PooledBuffer();
        using (var writer = new System.Text.Json.Utf8JsonWriter(target))
            ExportRequestJsonWriter.Write(Fresh(), writer);
        _json = target.WrittenSpan.ToArray();
    }

    [Benchmark(Baseline = true)]
    public ExportTraceServiceRequest Generated() => ExportTraceServiceRequest.Parser.ParseFrom(_request);

    [Benchmark]
    public SpanBatch Fresh()
    {
        var batch = new SpanBatch();
        return ExportRequestReader.TryRead(_request, OtlpLimits.Default, batch, out _, out var error) ? batch : throw new InvalidOperationException(error.Message);
    }

    [Benchmark]
    public SpanBatch Reused()
    {
        _reused.Clear();
        return ExportRequestReader.TryRead(_request, OtlpLimits.Default, _reused, out _, out var error) ? _reused : throw new InvalidOperationException(error.Message);
    }

    [Benchmark]
    public SpanBatch ReusedWithinRoom()
    {
        _reused.Clear();
        return ExportRequestReader.TryRead(_request, OtlpLimits.Default, _room, _reused, out _, out var error) ? _reused : throw new InvalidOperationException(error.Message);
    }

    [Benchmark]
    public SpanBatch ReusedJson()
    {
        _reused.Clear();
        return ExportRequestJsonReader.TryRead(_json, OtlpLimits.Default, _reused, out _, out var error) ? _reused : throw new InvalidOperationException(error.Message);
    }

    // What an ingest budget does when it has enough.
    sealed class Room : IMemoryRoom
    {
        long _taken;

        public bool TryTake(long bytes) => Interlocked.Add(ref _taken, bytes) > 0;

        public void Give(long bytes) => Interlocked.Add(ref _taken, -bytes);
    }
}
