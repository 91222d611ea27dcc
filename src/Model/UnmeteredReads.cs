namespace Clew.Model;

/// <summary>Questions to a store that may cost what they cost: short ones, and those that are bounded otherwise.</summary>
public static class UnmeteredReads
{
    /// <inheritdoc cref="ITraceStore.FindTracesAsync(IReadOnlyList{TraceId}, ReadMeter, CancellationToken)"/>
    public static ValueTask<IReadOnlyList<SpanBatch?>> FindTracesAsync(this ITraceStore store, IReadOnlyList<TraceId> ids, CancellationToken cancellation) =>
        store.FindTracesAsync(ids, ReadMeter.Unlimited(), cancellation);

    /// <inheritdoc cref="ITraceStore.FindTracesAsync(SpanSelection, int, ReadMeter, CancellationToken)"/>
    public static ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(this ITraceStore store, SpanSelection selection, int traceCountMax, CancellationToken cancellation) =>
        store.FindTracesAsync(selection, traceCountMax, ReadMeter.Unlimited(), cancellation);

    /// <inheritdoc cref="ITraceStore.FindAttributeKeysAsync"/>
    public static Task<IReadOnlyList<AttributeKey>> FindAttributeKeysAsync(this ITraceStore store, TimeRange starts, CancellationToken cancellation) =>
        store.FindAttributeKeysAsync(starts, ReadMeter.Unlimited(), cancellation);
}
