using BenchmarkDotNet.Attributes;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Benchmarks;

/// <summary>From text to a query that may be evaluated: what each request pays before anything is read.</summary>
[MemoryDiagnoser]
public class Reading
{
    [Params(
        "{ }",
        "{ resource.service.name = `api` && span.http.response.status_code >= 500 }",
        "{ name =~ `GET /api/.*` && duration > 100ms } >> { status = error } | by(resource.service.name) | count() > 2 | select(span.db.statement)",
        "({ status = error } | rate() by(resource.service.name)) / ({ } | rate() by(resource.service.name)) > 0.1")]
    public string Text { get; set; } = "";

    [Benchmark]
    public bool Parse() => QueryParser.TryParse(Text, out _, out _);

    [Benchmark]
    public bool ParseAndCheck() => TraceQLQuery.TryCompile(Text, out _, out _);

    [Benchmark]
    public string ParseAndPrint() => QueryParser.TryParse(Text, out var query, out _) ? query.ToString() : throw new InvalidOperationException(Text);
}
