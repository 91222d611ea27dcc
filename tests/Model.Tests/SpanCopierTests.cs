namespace Clew.Model.Tests;

public sealed class SpanCopierTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Copied_spans_are_the_same_spans(int seed)
    {
        var batches = new RandomBatches(seed);
        for (var turn = 0; turn < 60; turn++)
        {
            var copier = new SpanCopier(new SpanBatch());
            SpanBatch[] sources = [batches.Next(), batches.Next(), batches.Next()];
            var order = new Random(seed * 1_000 + turn);
            var rows = sources.SelectMany(source => Enumerable.Range(0, source.SpanCount).Select(row => (source, row))).OrderBy(_ => order.Next()).ToArray();
            foreach (var (source, row) in rows)
            {
                var copy = copier.Copy(source, row);
                Assert.True(BatchEquality.SameSpan(source, row, copier.Target, copy), $"seed {seed}, turn {turn}, row {row}");
            }

            Assert.Equal(rows.Length, copier.Target.SpanCount);
        }
    }

    [Fact]
    public void Equal_resources_and_scopes_of_different_batches_become_one()
    {
        var first = new BatchBuilder().Service("api", ("zone", "a"), ("list", new object?[] { 1, "x" })).Span(1).Batch;
        var second = new BatchBuilder().Service("db").Service("api", ("zone", "a"), ("list", new object?[] { 1, "x" })).Span(2).Batch;
        var third = new BatchBuilder().Service("api", ("zone", "b"), ("list", new object?[] { 1, "x" })).Span(3).Batch;
        var copier = new SpanCopier(new SpanBatch());
        copier.CopyAll(first);
        copier.CopyAll(second);
        copier.CopyAll(third);
        Assert.Equal(2, copier.Target.Resources.Count);
        Assert.Equal(2, copier.Target.Scopes.Count);
        Assert.Equal(copier.Target.Spans.Scopes[0], copier.Target.Spans.Scopes[1]);
        Assert.Equal(4, copier.Target.Nested.Count);
    }

    [Fact]
    public void A_discarded_span_leaves_its_neighbours_as_they_were()
    {
        var builder = new BatchBuilder().Span(1, attributes: [("a", 1), ("m", new (string, object?)[] { ("k", "v") })], eventAttributes: [("e", 1)]);
        var batch = builder.Batch;
        var nested = batch.Nested.Count;
        batch.Spans.Attributes.Add(batch.Strings.Intern("lost"), builder.Value(new object?[] { 1, 2 }));
        batch.Events.Attributes.Add(batch.Strings.Intern("lost"), builder.Value(1));
        batch.Events.Add(new UnixNanos(1), 0, 0);
        batch.Events.Attributes.Add(batch.Strings.Intern("half"), builder.Value(1));
        batch.Links.Add(default, default, 0, 0, 0);
        batch.DiscardSpan(nested);
        builder.Span(2, attributes: [("b", "x")]);

        var copy = new SpanCopier(new SpanBatch());
        copy.CopyAll(batch);
        Assert.Equal(2, batch.SpanCount);
        Assert.Equal(1, batch.Events.Count);
        Assert.Equal(1, batch.Events.Attributes.Count);
        Assert.Equal(0, batch.Links.Count);
        Assert.Equal(nested, batch.Nested.Count);
        Assert.Equal("b", batch.Strings.GetString(batch.Spans.Attributes.Keys[batch.Spans.Attributes[1].Start]));
    }

    [Theory]
    [InlineData("nested values of resources")]
    [InlineData("entities")]
    [InlineData("attributes of scopes")]
    [InlineData("scopes of one large resource")]
    public void Resources_and_scopes_that_differ_only_far_inside_are_not_compared_with_each_other(string difference)
    {
        const int Count = 4_000;
        var builder = new BatchBuilder();
        var batch = builder.Batch;
        for (var at = 0; at < Count; at++)
        {
            var text = batch.Strings.Intern("value " + at);
            switch (difference)
            {
                case "nested values of resources":
                    builder.Service("svc", ("args", new object?[] { "a", new object?[] { at } }));
                    break;
                case "entities":
                    batch.Resources.Entities.Add(0, text, [], []);
                    builder.Service("svc");
                    break;
                case "attributes of scopes":
                    if (at == 0)
                        builder.Service("svc");
                    batch.Scopes.Attributes.Add(text, builder.Value(1));
                    batch.Scopes.End(0, 0, 0, 0, 0);
                    break;
                default:
                    if (at == 0)
                        builder.Service("svc", [.. Enumerable.Range(0, 50).Select(key => ("key " + key, (object?)key))]);
                    batch.Scopes.End(0, 0, 0, 0, 0);
                    break;
            }
        }

        var copier = new SpanCopier(new SpanBatch());
        for (var scope = 0; scope < batch.Scopes.Count; scope++)
            copier.CopyScope(batch, scope);
        Assert.InRange(copier.ComparisonCount, 0, 2 * Count);
    }
}
