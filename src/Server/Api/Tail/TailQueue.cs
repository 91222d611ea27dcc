using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Threading.Channels;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Syntax;

namespace Clew.Server.Api.Tail;

/// <summary>Between the requests that bring spans, which never wait, and one client that reads at its own pace: what does not fit is counted and lost.</summary>
internal sealed class TailQueue(Pipeline spans, TimeProvider time)
{
    public const int SpansMax = 1_000;

    /// <summary>Whoever sends spans waits for those who look on, but no longer than this for the spans of one request.</summary>
    const int LookMillisMax = 250;

    readonly Channel<byte[]> _ready = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(SpansMax) { SingleReader = true });

    // A filter is for one thread at a time, and as many requests come in at once as there are threads.
    readonly ConcurrentBag<SpanFilter> _filters = [];
    long _lost;
    volatile string? _end;

    /// <summary>Why nothing comes any more, for the client; null while something may.</summary>
    public string? End => _end;

    /// <summary>Writes the spans that match down; they are shown when what it returns is called.</summary>
    public Action? Look(SpanBatch batch)
    {
        if (_end is not null)
            return null;
        if (!_filters.TryTake(out var filter))
            filter = new SpanFilter(spans);
        var (found, lost) = LookThrough(filter, batch);
        _filters.Add(filter);
        return found.Count + lost == 0 ? null : () => Show(found, lost);
    }

    (List<byte[]> Found, int Lost) LookThrough(SpanFilter filter, SpanBatch batch)
    {
        try
        {
            return Find(filter, batch);
        }
        catch
        {
            Finish("The query failed on spans that came in, which is a mistake of the server.");
            throw;
        }
    }

    void Finish(string reason)
    {
        _end = reason;
        _ready.Writer.TryComplete();
    }

    /// <returns>False when nothing came in time, or nothing comes any more.</returns>
    public async Task<bool> WaitAsync(TimeSpan patience, CancellationToken cancellation)
    {
        if (_ready.Reader.TryPeek(out _))
            return true;
        using var over = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        try
        {
            return await _ready.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    public bool TryTake([NotNullWhen(true)] out byte[]? span) => _ready.Reader.TryRead(out span);

    /// <summary>How many were lost since it was asked last.</summary>
    public long TakeLostCount() => Interlocked.Exchange(ref _lost, 0);

    (List<byte[]> Found, int Lost) Find(SpanFilter filter, SpanBatch batch)
    {
        var (found, lost) = (new List<byte[]>(), 0);
        var room = SpansMax - _ready.Reader.Count;
        filter.Open(batch);
        var spent = TimeSpan.Zero;
        for (var row = 0; row < batch.SpanCount; row++)
        {
            var began = time.GetTimestamp();
            var matches = Matches(filter, row);
            spent += time.GetElapsedTime(began);
            if (spent.TotalMilliseconds > LookMillisMax)
            {
                Finish(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The query took longer than {LookMillisMax} ms on the spans of one request, which has to wait for it; ask with a simpler regular expression, or with = instead."));
                break;
            }

            if (matches == false)
                continue;
            if (matches == true && found.Count < room)
                found.Add(TailJson.Of(batch, row));
            else
                lost++;
        }

        return (found, lost);
    }

    // Whoever sends spans is not to suffer from what somebody asks of them: null when it could not be told, and the span is as good as lost.
    static bool? Matches(SpanFilter filter, int row)
    {
        try
        {
            return filter.Matches(row);
        }
        catch (QueryFailedException)
        {
            return null;
        }
    }

    void Show(List<byte[]> found, int lost)
    {
        foreach (var span in found)
        {
            if (!_ready.Writer.TryWrite(span))
                lost++;
        }

        if (lost > 0)
            Interlocked.Add(ref _lost, lost);
    }
}
