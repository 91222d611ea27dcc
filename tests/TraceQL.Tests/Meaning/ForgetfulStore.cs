using Clew.Model;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Shows scans what they asked for and nothing else: every other column is made nonsense, so that whoever forgot to ask for it finds out.</summary>
sealed class ForgetfulStore(MemoryStore store) : ITraceStore
{
    public ValueTask<AppendResult> AppendAsync(SpanBatch batch, CancellationToken cancellation) => store.AppendAsync(batch, cancellation);

    public ValueTask<SpanBatch?> FindTraceAsync(TraceId id, CancellationToken cancellation) => store.FindTraceAsync(id, cancellation);

    public ValueTask<IReadOnlyList<SpanBatch?>> FindTracesAsync(IReadOnlyList<TraceId> ids, ReadMeter meter, CancellationToken cancellation) => store.FindTracesAsync(ids, meter, cancellation);

    public ValueTask<KeepDecision?> FindDecisionAsync(TraceId id, CancellationToken cancellation) => store.FindDecisionAsync(id, cancellation);

    public ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(SpanSelection selection, int traceCountMax, ReadMeter meter, CancellationToken cancellation) =>
        store.FindTracesAsync(selection, traceCountMax, meter, cancellation);

    public ValueTask<IReadOnlyList<string>> FindServicesAsync(CancellationToken cancellation) => store.FindServicesAsync(cancellation);

    public ValueTask<IReadOnlyList<Operation>> FindOperationsAsync(string service, CancellationToken cancellation) => store.FindOperationsAsync(service, cancellation);

    public IAsyncEnumerable<SpanBatch> ScanAsync(TimeRange starts, TraceId first, TraceId last, CancellationToken cancellation) => store.ScanAsync(starts, first, last, cancellation);

    public Task<IReadOnlyList<AttributeKey>> FindAttributeKeysAsync(TimeRange starts, ReadMeter meter, CancellationToken cancellation) =>
        store.FindAttributeKeysAsync(starts, meter, cancellation);

    public StoreStatistics Statistics => store.Statistics;

    public ValueTask DisposeAsync() => store.DisposeAsync();

    public async Task<IReadOnlyList<TConsumer>> ScanSpansAsync<TConsumer>(
        SpanSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ISpanConsumer
    {
        var consumers = await store.ScanSpansAsync(selection, projection, () => new Spans<TConsumer>(newConsumer(), projection), meter, cancellation);
        return [.. consumers.Select(consumer => consumer.Inner)];
    }

    public async Task<IReadOnlyList<TConsumer>> ScanTracesAsync<TConsumer>(
        TraceSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ITraceConsumer
    {
        var consumers = await store.ScanTracesAsync(selection, projection, () => new Traces<TConsumer>(newConsumer(), projection), meter, cancellation);
        return [.. consumers.Select(consumer => consumer.Inner)];
    }

    static SpanBatch Forget(SpanBatch batch, SpanProjection asked)
    {
        var copier = new SpanCopier(new SpanBatch(), asked);
        copier.CopyAll(batch);
        var spans = copier.Target.Spans;
        Fill(spans.TraceIds, SpanFields.TraceIds, new TraceId(7, 7));
        Fill(spans.SpanIds, SpanFields.SpanIds, new SpanId(7));
        Fill(spans.ParentSpanIds, SpanFields.ParentSpanIds, new SpanId(8));
        Fill(spans.Starts, SpanFields.Starts, new UnixNanos(7));
        Fill(spans.Ends, SpanFields.Ends, new UnixNanos(9));
        Fill(spans.Kinds, SpanFields.Kinds, SpanKind.Consumer);
        Fill(spans.Statuses, SpanFields.Statuses, StatusCode.Error);
        return copier.Target;

        void Fill<T>(Column<T> column, SpanFields field, T nonsense)
            where T : unmanaged
        {
            if (!asked.Has(field))
                column.Writable.Fill(nonsense);
        }
    }

    sealed class Spans<TConsumer>(TConsumer inner, SpanProjection asked) : ISpanConsumer
        where TConsumer : ISpanConsumer
    {
        public TConsumer Inner => inner;

        public void Take(SpanBatch batch, ReadOnlySpan<int> rows) => inner.Take(Forget(batch, asked), rows);
    }

    sealed class Traces<TConsumer>(TConsumer inner, SpanProjection asked) : ITraceConsumer
        where TConsumer : ITraceConsumer
    {
        public TConsumer Inner => inner;

        public void Take(SpanBatch batch, ReadOnlySpan<RowRange> traces) => inner.Take(Forget(batch, asked), traces);
    }
}
