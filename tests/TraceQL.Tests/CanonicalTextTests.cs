using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests;

/// <summary>CLEW_QUERY_TREES sets how many trees (5,000), CLEW_FUZZ_SEED repeats a run.</summary>
public sealed class CanonicalTextTests
{
    [Fact]
    public void Any_tree_of_the_grammar_is_written_so_that_it_reads_back_as_itself()
    {
        var seed = Seeds.Of("CLEW_FUZZ_SEED");
        var queries = new RandomQueries(new Random(seed));
        for (var count = Seeds.Count("CLEW_QUERY_TREES", 5_000); count > 0; count--)
        {
            var query = queries.Query();
            var text = query.ToString();
            Assert.True(QueryParser.TryParse(text, out var again, out var error), $"CLEW_FUZZ_SEED={seed}: {error} in {text}");
            Assert.True(Shape.Of(query) == Shape.Of(again), $"CLEW_FUZZ_SEED={seed}: {text} reads back as {again}: {Shape.Of(query)} != {Shape.Of(again)}");
            Assert.Equal(text, again.ToString());
        }
    }

    [Theory]
    [InlineData(".a", ".a")]
    [InlineData("span.a", "span.a")]
    [InlineData("span.\"a b\"", "span.\"a b\"")]
    [InlineData("span:duration", "duration")]
    [InlineData("trace:rootService", "rootServiceName")]
    [InlineData("event:name", "event:name")]
    [InlineData("name + `x`", "name + `x`")]
    public void A_part_of_a_query_has_a_canonical_text_of_its_own(string written, string canonical)
    {
        Assert.True(QueryParser.TryParse($"{{ }} | by({written})", out var query, out var error), $"{error}");
        var group = Assert.IsType<PipelineStage.GroupBy>(query.Spans!.Stages[1]);
        Assert.Equal(canonical, group.Expression.ToString());
        Assert.Equal($"by({canonical})", group.ToString());
    }

    [Fact]
    public void Several_values_are_written_as_a_list() =>
        Assert.Equal("[`a`, 1]", Value.OfArray([Value.OfText("a"), Value.OfInt(1)]).ToString());
}
