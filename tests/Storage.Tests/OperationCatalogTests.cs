using Clew.Model;

namespace Clew.Storage.Tests;

/// <summary>The lists of services and operations are bounded; searches are not.</summary>
public sealed class OperationCatalogTests
{
    [Fact]
    public void Operations_beyond_the_bound_are_counted_and_not_listed()
    {
        var catalog = new OperationCatalog();
        catalog.Add([.. Enumerable.Range(0, OperationCatalog.OperationsPerServiceMax + 5).Select(at => new ServiceOperation("svc", $"name {at:D6}", SpanKind.Server))]);
        catalog.Add([new ServiceOperation("other", "name", SpanKind.Server), new ServiceOperation("svc", "name 000001", SpanKind.Server)]);
        Assert.Equal(OperationCatalog.OperationsPerServiceMax, catalog.Operations("svc").Count);
        Assert.Equal(5, catalog.UnlistedCount);
        Assert.Equal(["other", "svc"], catalog.Services());
        Assert.Single(catalog.Operations("other"));
    }

    [Fact]
    public void Services_beyond_the_bound_are_counted_and_not_listed()
    {
        var catalog = new OperationCatalog();
        catalog.Add([.. Enumerable.Range(0, OperationCatalog.ServicesMax + 3).Select(at => new ServiceOperation($"service {at}", "name", SpanKind.Server))]);
        Assert.Equal(OperationCatalog.ServicesMax, catalog.Services().Count);
        Assert.Equal(3, catalog.UnlistedCount);
    }

    [Fact]
    public async Task A_span_whose_name_is_not_listed_is_found_by_it_in_the_head_and_in_a_block()
    {
        using var folder = new TemporaryFolder();
        const int Names = OperationCatalog.OperationsPerServiceMax + 500;
        var selection = new SpanSelection(TimeRange.All, [new SpanCondition.NameIs($"name {Names - 1}")]);
        var batch = NamedSpans(Names);
        await using (var store = await TraceStore.OpenAsync(new StorageOptions(), folder.Path, TimeProvider.System))
        {
            await store.AppendAsync(batch, default);
            Assert.Equal(OperationCatalog.OperationsPerServiceMax, (await store.FindOperationsAsync(ServiceName.Of(batch, 0), default)).Count);
            Assert.Equal(500, store.Statistics.UnlistedOperationCount);
            Assert.Single(await store.FindTracesAsync(selection, 10, default));
        }

        await using var small = await TraceStore.OpenAsync(new StorageOptions { SegmentBytesMax = 64 << 10 }, folder.Path, TimeProvider.System);
        await Deadline.UntilAsync(() => small.Statistics.BlockCount > 0, "sealing");
        Assert.Single(await small.FindTracesAsync(selection, 10, default));
    }

    static SpanBatch NamedSpans(int count)
    {
        var batch = new SpanBatch();
        var scope = batch.Scopes.End(batch.Resources.End(0, 0), 0, 0, 0, 0);
        for (var at = 0; at < count; at++)
        {
            batch.EndSpan(new SpanRow
            {
                TraceId = Batches.Trace(at), SpanId = new SpanId((ulong)at + 1), Start = new UnixNanos(1), End = new UnixNanos(2), Scope = scope,
                Name = batch.Strings.Intern($"name {at}"), Kind = SpanKind.Server,
            });
        }

        return batch;
    }
}
