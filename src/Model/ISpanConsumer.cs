namespace Clew.Model;

/// <summary>Takes the spans that a scan finds. For one thread: each thread of a scan has a consumer of its own.</summary>
public interface ISpanConsumer
{
    /// <summary>Takes some spans. What is passed is only good during the call, but batches over the same <see cref="SpanBatch.Strings"/> or
    /// <see cref="SpanBatch.Scopes"/> have their codes in common, so what was worked out for a table holds for the next batch over it. Strings may have come in behind the others meanwhile.</summary>
    /// <param name="rows">Those that are asked for, in ascending order; at least one.</param>
    void Take(SpanBatch batch, ReadOnlySpan<int> rows);
}
