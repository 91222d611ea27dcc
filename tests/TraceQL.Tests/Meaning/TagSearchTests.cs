using Clew.Model;
using Clew.TraceQL.Syntax;
using Clew.TraceQL.Tags;

namespace Clew.TraceQL.Tests.Meaning;

public sealed class TagSearchTests
{
    [Theory]
    [InlineData("{ span.n = 200 }", "200.0")]
    [InlineData("{ span.n = 1.5 }", "1.5")]
    [InlineData("{ span.n = 7.0 }", "7")]
    [InlineData("{ span.n = 8 }", "")]
    [InlineData("{ span.n > 2 }", "7 200.0")]
    public async Task A_condition_on_the_very_tag_compares_as_everywhere_else(string filter, string expected)
    {
        var values = new object[] { 200.0, 1.5, 7L };
        var store = await PlainBatches.StoreOfAsync(
            values.Select((value, index) => new PlainSpan { Trace = new TraceId(0, 9), Id = (ulong)index + 1, Name = "op", Start = 5, End = 6, Attributes = [("n", value)] }), () => 0);
        Assert.True(TraceQLQuery.TryCompile(filter, out var query, out var error), $"{error}");
        var found = await new TagSearch(store, TimeProvider.System).FindValuesAsync(
            new FieldExpression.Attribute(AttributeScope.Span, "n"), TimeRange.All, query.Spans, 10, QueryBudget.Unlimited, CancellationToken.None);
        Assert.Equal(expected, string.Join(' ', found.Values));
    }
}
