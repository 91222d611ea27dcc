namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Buckets of time as a list of their ends; each begins behind the one before.</summary>
sealed class NaiveGrid
{
    readonly ulong _start, _end, _step;

    public NaiveGrid(ulong start, ulong end, ulong step)
    {
        (_start, _end, _step) = (start, end, step);
        if (step == 0)
            Ends.Add(end);
        for (var at = step == 0 ? end + 1 : start / step * step; at < end + step; at += step)
            Ends.Add(at);
    }

    public List<ulong> Ends { get; } = [];

    public double Seconds => (_step == 0 ? _end - _start : _step) / 1e9;

    public int? BucketOf(ulong time)
    {
        if (_step == 0)
            return time >= _start && time <= _end ? 0 : null;
        var at = Ends.FindIndex(end => time <= end && time + _step > end);
        return at < 0 ? null : at;
    }
}
