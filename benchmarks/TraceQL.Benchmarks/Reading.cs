using BenchmarkDotNet.Attributes;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Benchmarks;

/// <summary>From text to a query that may be evaluated: what each request pays before anything is read.</summary>
[MemoryDiagnoser]
public class Reading
{
    Query _query = new(null, null, []);

    [Params(
        "{ }",
        "{ resource.service.name = `api` && span.http.response.status_code >= 500 }",
        "{ name =~ `GET /api/.*` && duration > 100ms } >> { status = error } | by(resource.service.name) | count() > 2 | select(span.db.statement)",
        "({ status = error } | rate() by(resource.service.name)) / ({ } | rate() by(resource.service.name)) > 0.1")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Read() => _query = QueryParser.TryParse(Text, out var query, out var error) ? query : throw new InvalidOperationException($"{error}");

    [Benchmark]
    public bool Parse() => QueryParser.TryParse(Text, out _, out _);

    [Benchmark]
    public bool Check() => QueryCheck.Find(_query) is null;

    /// <summary>Operators, the columns that they need, and what a store is asked to narrow by.</summary>
    [Benchmark]
    public int Bind() => _query.Spans is { } spans ? Bind(spans) : Bind(_query.Metrics!);

    [Benchmark]
    public string Print() => _query.ToString();

    static int Bind(MetricsExpression metrics) => metrics switch
    {
        MetricsExpression.Aggregate aggregate => Bind(aggregate.Spans),
        MetricsExpression.Compare compare => Bind(compare.Spans),
        MetricsExpression.Rank rank => Bind(rank.Of),
        MetricsExpression.Compared compared => Bind(compared.Of),
        MetricsExpression.Math math => Bind(math.Left) + Bind(math.Right),
        _ => 0,
    };

    static int Bind(Pipeline spans)
    {
        var needs = Needs.Of(spans);
        return (PipelineBinder.Bind(spans) is not null ? 1 : 0) + TraceNarrowing.Of(spans).Each.Length + (needs.Trace ? 1 : 0);
    }
}
