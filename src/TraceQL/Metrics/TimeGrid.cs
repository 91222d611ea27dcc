using System.Runtime.CompilerServices;
using Clew.Model;

namespace Clew.TraceQL.Metrics;

/// <summary>The buckets of time that samples stand for. Each is open where it begins, closed where it ends, and stamped with its end.</summary>
/// <remarks>
/// Stamps are multiples of the step, from the last at or before the start to the first at or after the end, so that a graph that moves on shows the same numbers again. An
/// instant has one bucket, closed at both ends.
/// </remarks>
public sealed class TimeGrid
{
    // Beyond, an answer is no graph any more.
    public const int StepCountMax = 10_000;

    readonly ulong _first;
    readonly ulong _step;

    TimeGrid(TimeRange starts, ulong first, ulong step, int count) => (Starts, _first, _step, Count) = (starts, first, step, count);

    /// <summary>When spans start that count, as a closed range.</summary>
    public TimeRange Starts { get; }

    public int Count { get; }

    public bool IsInstant => _step == 0;

    /// <summary>How many seconds a bucket is long.</summary>
    public double BucketSeconds => (IsInstant ? Starts.From.NanosUntil(Starts.To) : _step) / 1e9;

    public static TimeGrid Instant(UnixNanos start, UnixNanos end) => new(new TimeRange(start, end), end.Value, 0, 1);

    /// <returns>Null when there were more than <see cref="StepCountMax"/> steps.</returns>
    public static TimeGrid? Of(UnixNanos start, UnixNanos end, ulong stepNanos)
    {
        var first = start.Value - start.Value % stepNanos;
        var last = end.Value % stepNanos == 0 ? end.Value : end.Value - end.Value % stepNanos + stepNanos;
        var steps = (last - first) / stepNanos;
        if (end < start || last < end.Value || steps >= StepCountMax)
            return null;
        var from = first < stepNanos ? 0 : first - stepNanos + 1;
        return new TimeGrid(new TimeRange(new UnixNanos(from), new UnixNanos(last)), first, stepNanos, (int)steps + 1);
    }

    /// <summary>The same buckets, of which spans outside of a range do not count.</summary>
    public TimeGrid Within(TimeRange range) => new(
        new TimeRange(new UnixNanos(Math.Max(Starts.From.Value, range.From.Value)), new UnixNanos(Math.Min(Starts.To.Value, range.To.Value))), _first, _step, Count);

    /// <summary>The end of a bucket.</summary>
    public UnixNanos StampOf(int bucket) => new(_first + (ulong)bucket * _step);

    /// <summary>The bucket of a span that counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int BucketOf(UnixNanos start) => _step == 0 || start.Value <= _first ? 0 : (int)((start.Value - _first - 1) / _step) + 1;
}
