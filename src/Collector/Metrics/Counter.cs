namespace Clew.Collector.Metrics;

/// <summary>A number that only grows, from any thread.</summary>
public sealed class Counter
{
    long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long count)
    {
        if (count != 0)
            Interlocked.Add(ref _value, count);
    }

    public void Increment() => Interlocked.Increment(ref _value);
}
