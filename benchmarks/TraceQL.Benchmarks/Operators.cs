using BenchmarkDotNet.Attributes;
using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Benchmarks;

/// <summary>Each operator over whole traces in memory, of 100 spans each. Times are per span.</summary>
public class Operators
{
    const int Traces = 200, SpansPerTrace = 100;

    readonly SpanBatch _batch = SampleTraces.Make(Traces, SpansPerTrace);
    readonly TraceView _trace = new(new QueryWork(ReadMeter.Unlimited()));
    readonly Spansets _whole = new();
    PipelineOperator _pipeline = new CoalesceOperator();

    [Params(
        "{ }", "{ name = `op-3` }", "{ name =~ `op-[1-3]` }", "{ duration > 5ms }", "{ .node = 7 }", "{ span.node + 1 > 7 }", "{ resource.service.name = `service-2` }",
        "{ status = error || kind = server && .node < 3 }", "{ span:childCount > 1 }", "{ traceDuration > 1s }",
        "{ status = error } > { kind = server }", "{ status = error } >> { kind = server }", "{ status = error } << { kind = server }", "{ status = error } ~ { kind = server }",
        "{ status = error } !>> { kind = server }", "{ status = error } &>> { kind = server }", "{ status = error } && { kind = server }",
        "{ } | count() > 3", "{ } | avg(duration) > 1ms", "{ } | by(resource.service.name)", "{ } | by(name) | coalesce()")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Bind() => _pipeline = TraceQLQuery.TryCompile(Query, out var query, out var error) ? PipelineBinder.Bind(query.Spans!) : throw new InvalidOperationException($"{error}");

    [Benchmark(OperationsPerInvoke = Traces * SpansPerTrace)]
    public int Evaluate()
    {
        var found = 0;
        _pipeline.Open(_batch);
        for (var trace = 0; trace < Traces; trace++)
        {
            _trace.Show(_batch, new RowRange(trace * SpansPerTrace, (trace + 1) * SpansPerTrace));
            _whole.Fill(_trace);
            found += _pipeline.Apply(_trace, _whole).Count;
        }

        return found;
    }
}
