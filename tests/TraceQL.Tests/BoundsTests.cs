using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests;

/// <summary>Texts made to hurt: they are answered on a small stack.</summary>
public sealed class BoundsTests
{
    const int StackBytes = 512 * 1024;
    const int Many = 12_000;

    [Theory]
    [InlineData("{ ", "(", ".a", ")", " }")]
    [InlineData("{ ", "!", ".a", "", " }")]
    [InlineData("{ ", "-", ".a", "", " }")]
    [InlineData("{ ", "-(", ".a", ")", " }")]
    [InlineData("{ ", "!(.a && ", ".a", ")", " }")]
    [InlineData("{ ", ".a &&", ".a", "", " }")]
    [InlineData("{ ", ".a ||", ".a", "", " }")]
    [InlineData("{ ", ".a +", ".a", "", " }")]
    [InlineData("{ ", ".a ^", ".a", "", " }")]
    [InlineData("{ ", "1+", "1", "", " = .a }")]
    [InlineData("", "{}>", "{}", "", "")]
    [InlineData("", "{}&&", "{}", "", "")]
    [InlineData("", "{}&>>", "{}", "", "")]
    [InlineData("", "(", "{}", ")", "")]
    [InlineData("", "({}>", "{}", ")", "")]
    [InlineData("", "(({}|{})&&", "({}|{})", ")", "")]
    [InlineData("", "{}|", "{}", "", "")]
    [InlineData("{}|", "(", "count()", ")", ">1")]
    [InlineData("{}|", "1+", "count()", "", ">1")]
    [InlineData("{}|count()>", "-", "1", "", "")]
    [InlineData("{}|count()>", "2^", "1", "", "")]
    [InlineData("{}|", "by(.a)|", "{}", "", "")]
    [InlineData("{}|select(.a", "", "", ",.a", ")")]
    [InlineData("", "(", "{}|rate()", ")", "")]
    [InlineData("", "2*", "({}|rate())", "", "")]
    [InlineData("{}|rate()", "", "", "|topk(1)", "")]
    [InlineData("{}|rate()", "", "", "|>1", "")]
    [InlineData("{}", "", "", " with (a=1)", "")]
    [InlineData("{ .a =~ `", "(", "a", ")", "` }")]
    [InlineData("{ .a =~ `", "(?:", "a", ")*", "` }")]
    [InlineData("{ .a =~ `", "a|", "a", "", "` }")]
    [InlineData("{ .a =~ `", "[", "a", "", "` }")]
    [InlineData("{ .a = ", "\"a\"", "", "", " }")]
    [InlineData("", "/* */", "{}", "", "")]
    [InlineData("{ .", "a", "", "", " }")]
    [InlineData("{ ", "a", "", "", " }")]
    [InlineData("{ .a = ", "1", "", "", " }")]
    [InlineData("{ .a = ", "1h", "", "", " }")]
    [InlineData("", "\n", "{", "", "")]
    public void A_part_that_is_repeated_without_end_is_read_or_refused(string before, string opening, string middle, string closing, string after)
    {
        foreach (var count in (int[])[50, 190, 300, 990, Many])
        {
            var text = before + string.Concat(Enumerable.Repeat(opening, count)) + middle + string.Concat(Enumerable.Repeat(closing, count)) + after;
            OnSmallStack(() => Answer(text));
        }
    }

    [Fact]
    public void A_text_beyond_the_bound_is_refused_unread()
    {
        Assert.True(QueryParser.TryParse("{}" + new string(' ', TokenStream.TextLengthMax - 2), out _, out _));
        Assert.False(QueryParser.TryParse("{}" + new string(' ', TokenStream.TextLengthMax - 1), out _, out var error));
        Assert.Equal("parse error at line 1, col 1: syntax error: a query of 65537 characters is too long: at most 65536 are read", error.ToString());
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var text = "{ " + new string('(', TokenStream.NestingMax) + ".a" + new string(')', TokenStream.NestingMax) + " }";
        Assert.True(QueryParser.TryParse(text, out _, out _));
        Assert.False(QueryParser.TryParse(text.Replace(".a", "(.a)"), out _, out var error));
        Assert.Equal("the query is nested too deeply: at most 200 levels are read", error.Message);
    }

    [Fact]
    public void Five_hundred_alternatives_are_no_problem()
    {
        var text = "{ " + string.Join(" || ", Enumerable.Range(0, 500).Select(value => $".a = {value}")) + " }";
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        Assert.Equal(text, query.ToString());
    }

    static void Answer(string text)
    {
        if (TraceQLQuery.TryCompile(text, out var query, out var error))
            Assert.NotEmpty(query.ToString());
        else
            Assert.InRange(error.ToString().Length, 1, 400);
    }

    static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action), StackBytes);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
