using Clew.TraceQL.Tags;

namespace Clew.TraceQL.Tests;

/// <summary>Of a query that is being typed, what is complete counts.</summary>
public sealed class LooseFilterTests
{
    [Theory]
    [InlineData("", "{ true }")]
    [InlineData("nonsense", "{ true }")]
    [InlineData("{", "{ true }")]
    [InlineData("{}", "{ true }")]
    [InlineData("{ .a = 1 }", "{ .a = 1 }")]
    [InlineData("{ .a = 1 } | by(.b)", "{ .a = 1 } | by(.b)")]
    [InlineData("{ resource.a = && span.b=1 }", "{ span.b = 1 }")]
    [InlineData("{ .a = 1 && .b = }", "{ .a = 1 }")]
    [InlineData("{ .a = 1 && .b", "{ .a = 1 && .b }")]
    [InlineData("{ .a = 1 && ", "{ .a = 1 }")]
    [InlineData("{ .a = 1 || .b = }", "{ .a = 1 }")]
    [InlineData("{ .a = 1 || .b = 2 && .c = }", "{ .a = 1 || .b = 2 }")]
    [InlineData("{ .a = && .b = 2 || .c = 3 && .d = }", "{ .b = 2 || .c = 3 }")]
    [InlineData("{ (.a = 1 || .b = ) && .c = 3 }", "{ .a = 1 && .c = 3 }")]
    [InlineData("{ .c = 3 && (.a = 1 && (.b = 2 ||", "{ .c = 3 && (.a = 1 && .b = 2) }")]
    [InlineData("{ name = \"x && y\" && .b = }", "{ name = `x && y` }")]
    [InlineData("{ name = \"x } y\" && .b = }", "{ name = `x } y` }")]
    [InlineData("{ name = `a` && .b = \"unfinished", "{ name = `a` }")]
    [InlineData("{ span.\"a && b\" = 1 && .c = } | rate() by (", "{ span.\"a && b\" = 1 }")]
    [InlineData("{ .a = 1 } | rate()", "{ .a = 1 }")]
    [InlineData("{ .a = 1 } | rate() by (", "{ .a = 1 }")]
    [InlineData("{ .a = 1 && .b = 5 with } ) (", "{ .a = 1 }")]
    [InlineData("&& || { && || }", "{ true }")]
    public void Complete_conditions_stay(string text, string expected)
    {
        Assert.True(TraceQLQuery.TryCompile(expected, out var query, out _));
        Assert.Equal(query.ToString(), LooseFilter.Read(text).ToString());
    }

    [Fact]
    public void What_is_joined_is_no_larger_than_a_query_may_be()
    {
        // Never complete as a query: the last condition has no value.
        var many = LooseFilter.Read("{" + string.Concat(Enumerable.Repeat(".a=1||", 1_200)) + ".b = }");
        Assert.True(TraceQLQuery.TryCompile(many.ToString(), out _, out var error), $"{error}");
        var patterns = LooseFilter.Read("{" + string.Concat(Enumerable.Range(0, 12).Select(number => $".a =~ `x{{{900 + number}}}y{{900}}` && ")) + ".b = }");
        Assert.True(TraceQLQuery.TryCompile(patterns.ToString(), out _, out error), $"{error}");
        Assert.StartsWith("{ .a =~ `x{900}y{900}` && .a =~ `x{901}y{900}`", patterns.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read()
    {
        const string Characters = "{}()&|=\"`\\ .a1 true";
        var random = new Random(20_261_128);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Characters[random.Next(Characters.Length)]));
            Assert.NotNull(LooseFilter.Read(text));
        }

        Assert.NotNull(LooseFilter.Read("{" + new string('(', 5_000)));
        Assert.NotNull(LooseFilter.Read("{" + string.Concat(Enumerable.Repeat(".a = 1 && ", 5_000))));
    }
}
