using System.Diagnostics;
using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Load;

/// <summary>Sends what the schedule says over several connections, each with one request in flight, as an exporter would: what is refused is sent again later.</summary>
internal sealed class LoadSender(LoadTarget target, TraceCorpus corpus, LoadSchedule schedule, LoadTally tally)
{
    // Without advice from the receiver: doubled with each refusal, as the SDKs do, from and up to.
    static readonly TimeSpan BackOffMin = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(5);

    // Timers are this coarse; what is due sooner goes at once.
    static readonly TimeSpan TimerGrain = TimeSpan.FromMilliseconds(1);
    readonly Stopwatch _clock = new();

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Sends until there is nothing left, or until <paramref name="stop"/>; requests in flight then still get their answer.</summary>
    /// <param name="abandon">Gives up even those.</param>
    public async Task RunAsync(int connectionCount, CancellationToken stop, CancellationToken abandon)
    {
        _clock.Start();
        await Task.WhenAll(Enumerable.Range(0, connectionCount).Select(_ => Task.Run(() => WorkAsync(stop, abandon), abandon)));
        _clock.Stop();
    }

    async Task WorkAsync(CancellationToken stop, CancellationToken abandon)
    {
        using var connection = OtlpConnection.To(target);
        var frame = new byte[corpus.FrameBytesMax];
        try
        {
            while (!stop.IsCancellationRequested && schedule.TryTake(out var order))
            {
                if (order.Due - _clock.Elapsed is var wait && wait > TimerGrain)
                    await Task.Delay(wait, stop);
                await DeliverAsync(connection, frame, order, stop, abandon);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Waiting was in vain: the end has come.
        }
    }

    async Task DeliverAsync(OtlpConnection connection, byte[] frame, SendOrder order, CancellationToken stop, CancellationToken abandon)
    {
        var request = corpus.Requests[order.RequestIndex];
        request.Write(frame, order.Salt);
        var mayBeTwice = false;
        for (var backOff = BackOffMin; ; backOff = Min(backOff * 2, BackOffMax))
        {
            var sentAt = _clock.Elapsed;
            var result = await connection.SendAsync(frame.AsMemory(0, request.FrameBytes), abandon);
            var answeredAt = _clock.Elapsed;
            tally.Count(result, request.SpanCount, request.MessageBytes, answeredAt - sentAt, answeredAt - (order.Due > TimeSpan.Zero ? order.Due : sentAt));
            if (result.Outcome == SendOutcome.Acknowledged)
            {
                if (result.RejectedSpanCount == 0)
                    schedule.Acknowledge(order, mayBeTwice);
                return;
            }

            mayBeTwice |= result.Outcome == SendOutcome.Unanswered;

            await Task.Delay(result.RetryAfter ?? backOff, stop);
            if (result.Outcome == SendOutcome.Failed)
                return;
        }
    }

    static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
