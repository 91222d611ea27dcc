namespace Clew.Model;

/// <summary>A span name of a service, with the kind it was seen as.</summary>
public readonly record struct Operation(string Name, SpanKind Kind);
