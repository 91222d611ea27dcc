using Clew.TraceQL.Simple;

namespace Clew.TraceQL.Tests;

/// <summary>The simple form, row by row. To add a case, add a line to a file under Tables.</summary>
public sealed class SimpleQueryTests
{
    [Theory]
    [MemberData(nameof(Rows), "simple-valid.txt")]
    public void A_simple_query_means_this_TraceQL_which_reads_back_as_itself(string written, string canonical)
    {
        Assert.True(SimpleQuery.TryCompile(CaseTable.QueryOf(written), out var query, out var error), $"{error}");
        Assert.Equal(canonical, query.ToString());
        Assert.True(TraceQLQuery.TryCompile(canonical, out var again, out error), $"{error}");
        Assert.Equal(canonical, again.ToString());
    }

    [Theory]
    [MemberData(nameof(Rows), "simple-errors.txt")]
    public void A_mistake_is_told_where_it_was_typed(string written, string expected)
    {
        Assert.False(SimpleQuery.TryCompile(CaseTable.QueryOf(written), out _, out var error));
        Assert.StartsWith(expected, $"{error.At.Line}:{error.At.Column} {error.Message}", StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_translated_or_refused_and_a_translation_is_valid()
    {
        var seed = Seeds.Of("CLEW_SIMPLE_SEED");
        var random = new Random(seed);
        string[] parts = ["service", "=", "!=", ">", "=~", "\"", "'", "`", " ", "a b", "100ms", "200", "nil", "|", "||", "{", ")", "\\", "\n", "rate()", "ä", "status", "error", ".", "span.", "-", "(?i)", "trace"];
        for (var round = 0; round < 5_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            if (SimpleQuery.TryCompile(text, out var translated, out var error))
                Assert.True(TraceQLQuery.TryCompile($"{translated}", out _, out error), $"CLEW_SIMPLE_SEED={seed}: {text} ⇒ {translated}: {error}");
            else
                Assert.InRange(error.At.Column, 1, text.Length + 1);
        }
    }

    [Fact]
    public void A_query_of_absurd_length_is_refused()
    {
        Assert.False(SimpleQuery.TryCompile(string.Join(' ', Enumerable.Repeat("a=1", 201)), out _, out var error));
        Assert.Contains("more than 200 conditions", error.Message, StringComparison.Ordinal);
        Assert.False(SimpleQuery.TryCompile(new string('a', 70_000), out _, out error));
        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Rows(string file) => CaseTable.Read(file);
}
