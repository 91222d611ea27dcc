namespace Clew.Model;

/// <summary>Takes the traces that a scan finds. For one thread: each thread of a scan has a consumer of its own.</summary>
public interface ITraceConsumer
{
    /// <summary>Takes some traces, each complete over all of the store, wherever and whenever its spans came in. As in <see cref="ISpanConsumer.Take"/>, good during the call only.</summary>
    /// <param name="traces">The rows of one trace each, in order of start; at least one range, none empty, ascending. Between and around them there may be rows that are nobody's.</param>
    void Take(SpanBatch batch, ReadOnlySpan<RowRange> traces);
}
