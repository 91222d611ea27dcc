using System.Collections;
using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Load;

/// <summary>Says which request comes next and when, and keeps what was acknowledged. For any number of connections.</summary>
/// <remarks>
/// Without a rate, rounds follow each other, and each is dated back so far that none of its spans ends in the future. At a rate, the time line of the corpus is
/// the clock on the wall: spans end just before they are sent, rounds overlap, and sending starts in the middle of things, with the ends of rounds that began before.
/// </remarks>
internal sealed class LoadSchedule
{
    readonly TraceCorpus _corpus;
    readonly ulong _run;
    readonly bool _isPaced;
    readonly long _spanCountMax;
    readonly TimeProvider _time;
    readonly long _startNanos;
    readonly int[] _order;
    readonly long _roundFirst;
    readonly Lock _gate = new();
    readonly List<Round> _rounds = [];
    long _position = -1;
    long _spanCount;

    /// <param name="run">Makes this run's ids different from those of any other.</param>
    /// <param name="isPaced">Whether the corpus' own rate is to be kept.</param>
    public LoadSchedule(TraceCorpus corpus, ulong run, bool isPaced, long spanCountMax, TimeProvider time)
    {
        (_corpus, _run, _isPaced, _spanCountMax, _time) = (corpus, run, isPaced, spanCountMax, time);
        _startNanos = UnixNanos();
        var all = Enumerable.Range(0, corpus.Requests.Length);
        _order = [.. isPaced ? all.OrderBy(index => corpus.Requests[index].ExportNanos % corpus.PeriodNanos) : all];
        _roundFirst = isPaced ? -(corpus.LastExportNanos / corpus.PeriodNanos) : 0;
    }

    /// <returns>False when as many spans were handed out as there were to be.</returns>
    public bool TryTake(out SendOrder order)
    {
        lock (_gate)
        {
            order = default;
            if (_spanCount >= _spanCountMax)
                return false;
            var (cycle, place) = Math.DivRem(++_position, _order.Length);
            var index = _order[place];
            _spanCount += _corpus.Requests[index].SpanCount;
            order = _isPaced ? PacedOrder(index, cycle) : new SendOrder(index, cycle, RoundOf(cycle).Salt, TimeSpan.Zero);
            return true;
        }
    }

    /// <summary>The receiver has taken every span of it.</summary>
    /// <param name="mayBeTwice">An earlier attempt had no answer, and may have been taken as well.</param>
    public void Acknowledge(in SendOrder order, bool mayBeTwice)
    {
        lock (_gate)
        {
            var round = RoundOf(order.Round);
            round.Acknowledged[order.RequestIndex] = true;
            round.MayBeTwice[order.RequestIndex] = mayBeTwice;
        }
    }

    /// <summary>Draws traces, evenly over the run, of which every request was acknowledged.</summary>
    /// <returns>Fewer than asked for when there are not as many, or hardly.</returns>
    public IReadOnlyList<SentTrace> Sample(int count)
    {
        const int attemptsPerTrace = 50;
        var random = new SeededRandom(_run);
        var sample = new Dictionary<(int, int), SentTrace>();
        lock (_gate)
        {
            for (var attempt = 0; attempt < count * attemptsPerTrace && sample.Count < count && _rounds.Count > 0; attempt++)
            {
                var (number, trace) = ((int)random.Next(0, _rounds.Count - 1), (int)random.Next(0, _corpus.Traces.Length - 1));
                var (round, recipe) = (_rounds[number], _corpus.Traces[trace]);
                if (Array.TrueForAll(recipe.RequestIndexes, index => round.Acknowledged[index]))
                    sample.TryAdd((number, trace), recipe.In(round.Salt) with { MayBeTwice = Array.Exists(recipe.RequestIndexes, index => round.MayBeTwice[index]) });
            }
        }

        return [.. sample.Values];
    }

    readonly record struct Round(RoundSalt Salt, BitArray Acknowledged, BitArray MayBeTwice);

    // What an SDK exports after the end of its own period comes in a later one, among the requests of the rounds that began since.
    SendOrder PacedOrder(int index, long cycle)
    {
        var (lag, atNanos) = Math.DivRem(_corpus.Requests[index].ExportNanos, _corpus.PeriodNanos);
        var due = TimeSpan.FromTicks(((cycle * _corpus.PeriodNanos) + atNanos) / TimeSpan.NanosecondsPerTick);
        return new SendOrder(index, cycle - lag, RoundOf(cycle - lag).Salt, due);
    }

    Round RoundOf(long round)
    {
        while (_rounds.Count <= round - _roundFirst)
        {
            var number = _roundFirst + _rounds.Count;
            var shift = _isPaced ? _startNanos + (number * _corpus.PeriodNanos) : UnixNanos() - _corpus.LastExportNanos;
            _rounds.Add(new Round(RoundSalt.Of(_run, number - _roundFirst, shift), new BitArray(_corpus.Requests.Length), new BitArray(_corpus.Requests.Length)));
        }

        return _rounds[(int)(round - _roundFirst)];
    }

    long UnixNanos() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
