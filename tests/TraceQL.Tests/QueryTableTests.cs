using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests;

/// <summary>The language, row by row. To add a case, add a line to a file under Tables.</summary>
public sealed class QueryTableTests
{
    [Theory]
    [MemberData(nameof(Rows), "valid-values.txt")]
    [MemberData(nameof(Rows), "valid-expressions.txt")]
    [MemberData(nameof(Rows), "valid-pipelines.txt")]
    [MemberData(nameof(Rows), "valid-metrics.txt")]
    public void A_query_has_this_canonical_text_which_reads_back_as_the_same_query(string written, string canonical)
    {
        var text = CaseTable.QueryOf(written);
        Assert.True(TraceQLQuery.TryCompile(text, out var query, out var error), $"{error}");
        Assert.Equal(canonical == "same" ? text : canonical, query.ToString());
        Assert.True(TraceQLQuery.TryCompile(query.ToString(), out var again, out error), $"{error}");
        Assert.Equal(Shape.Of(query), Shape.Of(again));
    }

    [Theory]
    [MemberData(nameof(Rows), "errors-syntax.txt")]
    public void A_text_that_breaks_the_grammar_is_refused_with_this_message(string written, string expected)
    {
        Assert.False(QueryParser.TryParse(CaseTable.QueryOf(written), out _, out var error));
        Assert.True(error.IsSyntax);
        Assert.StartsWith(expected, $"{error.At.Line}:{error.At.Column} {error.Message}", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rows), "errors-meaning.txt")]
    public void A_query_without_meaning_is_refused_with_this_message(string written, string expected)
    {
        var text = CaseTable.QueryOf(written);
        Assert.True(QueryParser.TryParse(text, out var query, out var error), $"{error}");
        Assert.True(QueryParser.TryParse(query.ToString(), out var again, out error), $"{error}");
        Assert.Equal(Shape.Of(query), Shape.Of(again));
        Assert.False(TraceQLQuery.TryCompile(text, out _, out error));
        Assert.False(error.IsSyntax);
        Assert.StartsWith(expected, $"{error.At.Line}:{error.At.Column} {error.Message}", StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Rows(string file) => CaseTable.Read(file);
}
