using Clew.Collector.Metrics;
using Clew.TraceQL;

namespace Clew.Server.Queries;

/// <summary>Bounds how many queries run at one time, and measures them.</summary>
internal sealed class QueryGate(int queriesMax, MetricRegistry registry, TimeProvider time)
{
    static readonly double[] Latencies = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    readonly HistogramFamily _seconds = registry.AddHistogram("clew_query_seconds", "Time to answer queries, by API and operation.", Latencies, "api", "operation");
    readonly CounterFamily _refused = registry.AddCounter("clew_refused_queries", "Queries that were not answered, by API and reason.", "api", "reason");
    int _running;

    /// <summary>How many may run at one time.</summary>
    public int QueriesMax => queriesMax;

    /// <summary>Why there is no place, as a clause for people.</summary>
    public string BusyMessage => $"{queriesMax} queries, as many as limits.concurrent_queries_max allows, are running";

    /// <summary>Why there is no memory (<see cref="NoMemoryException"/>), as a clause for people; counts it.</summary>
    public string RefuseForMemory(string api)
    {
        Refuse(api, "memory");
        return "other queries have all the memory that query.memory_bytes_total_max allows for";
    }

    /// <returns>The query's place, to be disposed when it was answered; null when all places are taken.</returns>
    public IDisposable? TryEnter(string api, string operation)
    {
        if (Interlocked.Increment(ref _running) <= queriesMax)
            return new Place(this, _seconds.With(api, operation), time.GetTimestamp());
        Interlocked.Decrement(ref _running);
        Refuse(api, "busy");
        return null;
    }

    /// <summary>Counts a query that got no answer.</summary>
    public void Refuse(string api, string reason) => _refused.With(api, reason).Increment();

    sealed class Place(QueryGate gate, Histogram seconds, long began) : IDisposable
    {
        public void Dispose()
        {
            seconds.Observe(gate.Elapsed(began));
            Interlocked.Decrement(ref gate._running);
        }
    }

    double Elapsed(long began) => time.GetElapsedTime(began).TotalSeconds;
}
