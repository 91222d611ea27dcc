namespace Clew.Model;

/// <summary>What keep rules dropped for one reason, since the store was created.</summary>
public readonly record struct DroppedTraces(string Reason, long TraceCount, long SpanCount);
