using System.Runtime.CompilerServices;
using Clew.Model;
using Clew.TraceQL;

namespace Clew.Server.Queries;

/// <summary>Traces with all their spans, a few at a time: an answer may be long, what it takes to write it is not. One that takes more memory than it may is refused.</summary>
internal sealed class WholeTraces(ITraceStore store, QueryOptions options, QueryMemory memory)
{
    /// <summary>So many traces are looked up at once: more share what is read, and fewer wait in memory until they are written.</summary>
    public const int PerLookUp = 20;

    /// <summary>For one trace at a time; to be disposed when it was answered.</summary>
    public QueryRoom NewRoom() => new(options.TraceBytesMax, memory);

    /// <summary>The one of an id; null when it is not here.</summary>
    /// <exception cref="TraceTooLargeException">It takes more than <see cref="QueryOptions.TraceBytesMax"/>.</exception>
    /// <exception cref="NoMemoryException">Other queries have the memory that it takes.</exception>
    public async ValueTask<SpanBatch?> FindAsync(TraceId id, QueryRoom room, CancellationToken cancellation)
    {
        var meter = MeterOf(room);
        var traces = await store.FindTracesAsync([id], meter, cancellation);
        ThrowIfSpent(meter, id);
        return traces[0];
    }

    /// <summary>Those of a search, but for what has gone since.</summary>
    /// <inheritdoc cref="FindAsync(TraceId, QueryRoom, CancellationToken)" path="/exception"/>
    public async IAsyncEnumerable<(TraceId Id, SpanBatch Spans)> FindAsync(FoundTraces found, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (id, spans) in FindAsync(found.Ids, cancellation))
        {
            if (spans is not null)
                yield return (id, spans);
        }
    }

    /// <summary>Those that are known by their ids, which are different; null for one that is not here.</summary>
    /// <inheritdoc cref="FindAsync(TraceId, QueryRoom, CancellationToken)" path="/exception"/>
    public async IAsyncEnumerable<(TraceId Id, SpanBatch? Spans)> FindAsync(IReadOnlyList<TraceId> ids, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var room = NewRoom();
        var meter = MeterOf(room);
        foreach (var some in ids.Chunk(PerLookUp))
        {
            await foreach (var trace in store.FindEachAsync(some, meter, cancellation))
            {
                ThrowIfSpent(meter, trace.Id);
                yield return trace;
            }
        }
    }

    static ReadMeter MeterOf(QueryRoom room) => new(long.MaxValue, Timeout.InfiniteTimeSpan, TimeProvider.System, room);

    void ThrowIfSpent(ReadMeter meter, TraceId id)
    {
        switch (meter.Spent ?? meter.LeftOut)
        {
            case ReadLimit.TotalMemory: throw new NoMemoryException();
            case not null: throw new TraceTooLargeException(id, options.TraceBound);
        }
    }
}
