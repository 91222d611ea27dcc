namespace Clew.TraceQL;

/// <summary>A valid query met a trace for which it has no meaning.</summary>
public sealed class QueryFailedException(string message) : Exception(message);
