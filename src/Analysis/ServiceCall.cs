namespace Clew.Analysis;

/// <summary>One service calls another.</summary>
public readonly record struct ServiceCall(string Caller, string Callee, long CallCount);
