using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Load;

/// <summary>What a load is to be like.</summary>
internal sealed record LoadOptions
{
    /// <summary>On the corpus' time line when there is no rate to keep.</summary>
    const double SpansPerSecondWithoutRate = 10_000;

    public required LoadTarget Target { get; init; }

    /// <summary>Null sends as fast as requests are acknowledged.</summary>
    public double? SpansPerSecond { get; init; }

    /// <summary>Null sends until <see cref="SpanCount"/> is reached, or the end is asked for.</summary>
    public TimeSpan? Duration { get; init; }
    public long? SpanCount { get; init; }

    /// <summary>Each with one request in flight.</summary>
    public int ConnectionCount { get; init; } = 4;
    public ulong Seed { get; init; } = 1;
    public int TraceCount { get; init; } = 8_000;
    public WorkloadMix Mix { get; init; } = WorkloadMix.Everything();

    /// <summary>The Jaeger query API; null for the usual place, if somebody answers there.</summary>
    public Uri? Query { get; init; }

    /// <summary>False leaves out everything that needs the query API.</summary>
    public bool IsChecked { get; init; } = true;

    /// <summary>Traces to look up again.</summary>
    public int LookUpCount { get; init; } = 200;

    /// <summary>How long the receiver may take to show what it acknowledged.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often each kind of search is put; 0 for none.</summary>
    public int SearchRepeatCount { get; init; }

    /// <summary>How long the receiver gets after the last request before anything is measured on it.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>How often figures are put on record; null for once, at the end.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The server as a process of this machine.</summary>
    public int? ProcessId { get; init; }

    public TraceCorpus BuildCorpus() => TraceCorpus.Build(Seed, TraceCount, Mix, SpansPerSecond ?? SpansPerSecondWithoutRate);
}
