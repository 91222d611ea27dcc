namespace Clew.Analysis;

/// <summary>One service calls another.</summary>
public readonly record struct ServiceCall(string Caller, string Callee, long CallCount)
{
    /// <summary>Of the calls, those that failed.</summary>
    public long ErrorCount { get; init; }
}
