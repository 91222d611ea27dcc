using System.Runtime.CompilerServices;
using Clew.Model;
using Clew.TraceQL;

namespace Clew.Server.Queries;

/// <summary>Traces with all their spans, a few at a time: an answer may be long, what it takes to write it is not. One that takes more memory than it may is refused, or left out of a list.</summary>
internal sealed class WholeTraces(ITraceStore store, QueryOptions options, QueryMemory memory)
{
    /// <summary>So many traces are looked up at once: more share what is read, and fewer wait in memory until they are written.</summary>
    public const int PerLookUp = 20;

    long _leftOutCount;

    /// <summary>How often a list went without a trace that takes more than <see cref="QueryOptions.TraceBytesMax"/>.</summary>
    public long LeftOutCount => Interlocked.Read(ref _leftOutCount);

    /// <summary>For one trace at a time; to be disposed when it was answered.</summary>
    public QueryRoom NewRoom() => new(options.TraceBytesMax, memory);

    /// <summary>The one of an id; null when it is not here.</summary>
    /// <exception cref="TraceTooLargeException">It takes more than <see cref="QueryOptions.TraceBytesMax"/>.</exception>
    /// <exception cref="NoMemoryException">Other queries have the memory that it takes.</exception>
    public async ValueTask<SpanBatch?> FindAsync(TraceId id, QueryRoom room, CancellationToken cancellation)
    {
        var meter = MeterOf(room);
        var traces = await store.FindTracesAsync([id], meter, cancellation);
        return ProblemOf(meter, id) is { } problem ? throw problem : traces[0];
    }

    /// <summary>Those of a search, but for what has gone since.</summary>
    /// <inheritdoc cref="FindAsync(IReadOnlyList{TraceId}, Action{TraceTooLargeException}, CancellationToken)" path="/param|/exception"/>
    public async IAsyncEnumerable<(TraceId Id, SpanBatch Spans)> FindAsync(
        SearchedTraces found, Action<TraceTooLargeException> leaveOut, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (id, spans) in FindAsync(found.Ids, leaveOut, cancellation))
        {
            if (spans is not null)
                yield return (id, spans);
        }
    }

    /// <summary>Those that are known by their ids, which are different; null for one that is not here.</summary>
    /// <param name="leaveOut">Told of each that takes more than <see cref="QueryOptions.TraceBytesMax"/>: it is not among them.</param>
    /// <exception cref="NoMemoryException">Other queries have the memory that one takes.</exception>
    public IAsyncEnumerable<(TraceId Id, SpanBatch? Spans)> FindAsync(IReadOnlyList<TraceId> ids, Action<TraceTooLargeException> leaveOut, CancellationToken cancellation) =>
        FindAsync(ids, leaveOut, ReadMeter.Unlimited(), cancellation);

    /// <inheritdoc cref="FindAsync(IReadOnlyList{TraceId}, Action{TraceTooLargeException}, CancellationToken)"/>
    /// <param name="total">Counts what is read; once it is spent, no more is looked up.</param>
    public async IAsyncEnumerable<(TraceId Id, SpanBatch? Spans)> FindAsync(
        IReadOnlyList<TraceId> ids, Action<TraceTooLargeException> leaveOut, ReadMeter total, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var room = NewRoom();
        foreach (var some in ids.Chunk(PerLookUp))
        {
            // The meter tells of one that is too large, once: those behind it have another.
            for (ArraySegment<TraceId> rest = some; rest.Count > 0 && !total.IsSpent;)
            {
                var meter = MeterOf(room);
                await foreach (var trace in store.FindEachAsync(rest, meter, cancellation))
                {
                    rest = rest[1..];
                    if (ProblemOf(meter, trace.Id) is { } problem)
                    {
                        Interlocked.Increment(ref _leftOutCount);
                        leaveOut(problem);
                        break;
                    }

                    yield return trace;
                }

                total.CountBytes(meter.Bytes);
            }
        }
    }

    static ReadMeter MeterOf(QueryRoom room) => new(long.MaxValue, Timeout.InfiniteTimeSpan, TimeProvider.System, room);

    TraceTooLargeException? ProblemOf(ReadMeter meter, TraceId id) => meter.CutBy switch
    {
        null => null,
        ReadLimit.TotalMemory => throw new NoMemoryException(),
        _ => new TraceTooLargeException(id, options.TraceBound),
    };
}
