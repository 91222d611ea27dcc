namespace Clew.Cli.Load;

/// <summary>What has been sent and what became of it. For any number of connections.</summary>
internal sealed class LoadTally
{
    const int ReasonCountMax = 20;
    readonly Lock _gate = new();
    readonly LatencyHistogram _latency = new();
    readonly LatencyHistogram _latencyFromDue = new();
    readonly LatencyHistogram _recent = new();
    readonly Dictionary<string, long> _reasons = new(StringComparer.Ordinal);
    LoadCounts _counts;

    public LoadCounts Counts
    {
        get
        {
            lock (_gate)
                return _counts;
        }
    }

    /// <param name="latency">From sending to the answer.</param>
    /// <param name="latencyFromDue">From when it should have been sent.</param>
    public void Count(in SendResult result, int spanCount, int bytes, TimeSpan latency, TimeSpan latencyFromDue)
    {
        lock (_gate)
        {
            if (result.Outcome == SendOutcome.Acknowledged)
            {
                _latency.Add(latency);
                _latencyFromDue.Add(latencyFromDue);
                _recent.Add(latency);
            }

            _counts = _counts.With(result, spanCount, bytes);
            if (result.Reason.Length > 0 && (_reasons.Count < ReasonCountMax || _reasons.ContainsKey(result.Reason)))
                _reasons[result.Reason] = _reasons.GetValueOrDefault(result.Reason) + 1;
        }
    }

    /// <summary>The latencies since this was asked last.</summary>
    public LatencySummary TakeRecent()
    {
        lock (_gate)
        {
            var summary = _recent.Summarize();
            _recent.Clear();
            return summary;
        }
    }

    public (LatencySummary Latency, LatencySummary FromDue, IReadOnlyList<FailureReason> Reasons) Summarize()
    {
        lock (_gate)
        {
            var reasons = _reasons.OrderByDescending(pair => pair.Value).Select(pair => new FailureReason(pair.Key, pair.Value));
            return (_latency.Summarize(), _latencyFromDue.Summarize(), [.. reasons]);
        }
    }
}
