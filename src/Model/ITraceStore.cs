namespace Clew.Model;

/// <summary>Keeps spans durably and finds them again. All members may be called from any thread at any time until the store is disposed.</summary>
/// <remarks>
/// A query sees every batch whose append was answered before it began, and each batch whole or not at all. Spans of one trace may arrive in any number of
/// batches, in any order; answers about a trace are complete over all of them. A span that was sent twice is stored and answered twice.
/// </remarks>
public interface ITraceStore : IAsyncDisposable
{
    /// <summary>Makes a batch durable, then visible. The batch belongs to the store from here on, whatever the outcome, and must not change.</summary>
    /// <remarks>A rented batch (<see cref="SpanBatch.Rent"/>) is released by the store when it is done with it: the caller must not even look at it any more.</remarks>
    /// <exception cref="IOException">The disk failed in a way that retrying will not mend. The message says whether the batch is certainly not stored.</exception>
    ValueTask<AppendResult> AppendAsync(SpanBatch batch, CancellationToken cancellation);

    /// <summary>All spans of a trace, in order of start; null when there are none.</summary>
    ValueTask<SpanBatch?> FindTraceAsync(TraceId id, CancellationToken cancellation);

    /// <summary>As <see cref="FindTraceAsync"/>, for several at once, in the order of <paramref name="ids"/>: what they have in common is read once.</summary>
    /// <remarks>What the traces take (<see cref="BatchMemory"/>) is taken from the meter's room; who lets go of them gives it back.</remarks>
    /// <returns>
    /// Null also for those that could not be read to their end before the meter was spent, and, of several, for those for which there is no room beside the others
    /// (<see cref="ReadMeter.LeftTraceCount"/>). Of one for which there is none by itself the meter is told (<see cref="ReadMeter.LeaveOut"/>).
    /// </returns>
    ValueTask<IReadOnlyList<SpanBatch?>> FindTracesAsync(IReadOnlyList<TraceId> ids, ReadMeter meter, CancellationToken cancellation);

    /// <summary>What keep rules decided about a stored trace; null while nothing is decided about it, or none of it is stored.</summary>
    ValueTask<KeepDecision?> FindDecisionAsync(TraceId id, CancellationToken cancellation);

    /// <summary>The traces with a span that <paramref name="selection"/> asks for, newest first, at most <paramref name="traceCountMax"/>.</summary>
    /// <returns>When the meter is spent, those of what was read by then.</returns>
    ValueTask<IReadOnlyList<TraceMatch>> FindTracesAsync(SpanSelection selection, int traceCountMax, ReadMeter meter, CancellationToken cancellation);

    /// <summary>The names (<see cref="ServiceName"/>) of all resources with a stored span, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> FindServicesAsync(CancellationToken cancellation);

    /// <summary>The distinct operations of a service, by name, then kind; empty for an unknown service.</summary>
    ValueTask<IReadOnlyList<Operation>> FindOperationsAsync(string service, CancellationToken cancellation);

    /// <summary>
    /// All stored spans whose trace id lies in the closed range and whose start lies in <paramref name="starts"/>, in batches of a bounded size and no
    /// particular order. Each batch is the caller's.
    /// </summary>
    IAsyncEnumerable<SpanBatch> ScanAsync(TimeRange starts, TraceId first, TraceId last, CancellationToken cancellation);

    /// <summary>Shows every stored span that meets a selection to consumers, newest or not, several threads at once.</summary>
    /// <param name="newConsumer">Makes the consumer of a thread; called on that thread.</param>
    /// <returns>The consumers, for the caller to put together what they have; in part when the meter is spent.</returns>
    Task<IReadOnlyList<TConsumer>> ScanSpansAsync<TConsumer>(
        SpanSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ISpanConsumer;

    /// <summary>As <see cref="ScanSpansAsync"/>, for whole traces. Those that a selection asks for are shown once each; others may be shown as well.</summary>
    Task<IReadOnlyList<TConsumer>> ScanTracesAsync<TConsumer>(
        TraceSelection selection, SpanProjection projection, Func<TConsumer> newConsumer, ReadMeter meter, CancellationToken cancellation)
        where TConsumer : ITraceConsumer;

    /// <summary>The keys of attributes of spans that start within a range, and a few of others perhaps; in order of owner, then key.</summary>
    /// <returns>When the meter is spent, those that were found by then. A store that has very many spends it for <see cref="ReadLimit.Memory"/>.</returns>
    Task<IReadOnlyList<AttributeKey>> FindAttributeKeysAsync(TimeRange starts, ReadMeter meter, CancellationToken cancellation);

    StoreStatistics Statistics { get; }
}
