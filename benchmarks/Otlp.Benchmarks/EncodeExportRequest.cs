using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.Otlp;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Clew.Otlp.Benchmarks;

/// <summary>One request of <see cref="Samples"/>, from spans to bytes.</summary>
[MemoryDiagnoser]
public class EncodeExportRequest
{
    readonly SpanBatch _batch = new();
    readonly PooledBuffer _target = new();
    ExportTraceServiceRequest _message = new();

    /// <summary>Spans in the request; the exporters' default batch is 512.</summary>
    [Params(512)]
    public int Spans { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _message = Samples.ExportMessage(Spans);
        if (!ExportRequestReader.TryRead(_message.ToByteArray(), OtlpLimits.Default, _batch, out _, out var error))
            throw new InvalidOperationException(error.Message);
    }

    [Benchmark(Baseline = true)]
    public int Generated()
    {
        _target.Clear();
        _message.WriteTo(_target);
        return _target.Count;
    }

    [Benchmark]
    public int Columns()
    {
        _target.Clear();
        ExportRequestWriter.Write(_batch, _target);
        return _target.Count;
    }

    [Benchmark]
    public int ColumnsToJson()
    {
        _target.Clear();
        using var writer = new System.Text.Json.Utf8JsonWriter(_target);
        ExportRequestJsonWriter.Write(_batch, writer);
        return _target.Count;
    }
}
