using System.Globalization;
using Clew.Model;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Searching;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>What queries find in <see cref="Fixture"/>, row by row. To add a case, add a line to a file under Tables.</summary>
public sealed class MeaningTableTests
{
    [Theory]
    [MemberData(nameof(Rows), "meaning-values.txt")]
    [MemberData(nameof(Rows), "meaning-spans.txt")]
    [MemberData(nameof(Rows), "meaning-relations.txt")]
    [MemberData(nameof(Rows), "meaning-pipelines.txt")]
    public async Task A_search_finds_these_spans(string query, string expected)
    {
        Assert.Equal(expected, await FindAsync(query, (_, span) => span.Name, candidatesMax: 512));
        // The same in one pass over all traces.
        Assert.Equal(expected, await FindAsync(query, (_, span) => span.Name, candidatesMax: 0));
    }

    [Theory]
    [MemberData(nameof(Rows), "meaning-shown.txt")]
    public async Task A_search_shows_these_attributes_of_the_spans_it_finds(string query, string expected) => Assert.Equal(expected, await FindAsync(
        query, (_, span) => span.Name + string.Concat(span.Attributes.Select(attribute => $" {attribute.Name}={attribute.Value}")), candidatesMax: 512));

    /// <summary>The buckets end at 1, 2, … 6 seconds: a trace's root is in the bucket before that of its other spans.</summary>
    [Theory]
    [MemberData(nameof(Rows), "meaning-metrics.txt")]
    public async Task Metrics_have_these_samples(string query, string expected) => Assert.Equal(expected, await MeasureAsync(query, 1, 6, 1));

    /// <summary>From 1 to 5 seconds.</summary>
    [Theory]
    [MemberData(nameof(Rows), "meaning-instant.txt")]
    public async Task Metrics_of_an_instant_have_one_sample(string query, string expected) => Assert.Equal(expected, await MeasureAsync(query, 1, 5, 0));

    public static TheoryData<string, string> Rows(string file) => CaseTable.Read(file);

    static async Task<string> FindAsync(string text, Func<FoundTrace, FoundSpan, string> spanText, int candidatesMax)
    {
        var (query, store) = (Compile(text), await StoreAsync());
        var request = new SearchRequest { TraceCountMax = 100, SpansPerSpansetMax = 1_000, CandidatesMax = candidatesMax, Budget = QueryBudget.Unlimited };
        try
        {
            var result = await new TraceQLEngine(store, TimeProvider.System).SearchAsync(query, request, CancellationToken.None);
            return NaiveAnswers.Of(result.Traces, spanText);
        }
        catch (QueryFailedException failure)
        {
            return $"fails: {failure.Message}";
        }
    }

    static async Task<string> MeasureAsync(string text, int startSecond, int endSecond, int stepSeconds)
    {
        var (query, store) = (Compile(text), await StoreAsync());
        var request = new MetricsRequest
        {
            Start = new UnixNanos((ulong)startSecond * 1_000_000_000), End = new UnixNanos((ulong)endSecond * 1_000_000_000), StepNanos = (ulong)stepSeconds * 1_000_000_000,
            Budget = QueryBudget.Unlimited,
        };
        var result = await new TraceQLEngine(store, TimeProvider.System).MetricsAsync(query, request, CancellationToken.None);
        return NaiveAnswers.Of(result.Series);
    }

    static Query Compile(string text)
    {
        Assert.True(TraceQLQuery.TryCompile(CaseTable.QueryOf(text), out var query, out var error), string.Create(CultureInfo.InvariantCulture, $"{error}"));
        return query;
    }

    static async Task<ForgetfulStore> StoreAsync()
    {
        var at = 0;
        return new ForgetfulStore(await PlainBatches.StoreOfAsync(Fixture.Spans, () => at++ % 3));
    }
}
