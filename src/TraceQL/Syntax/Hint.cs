namespace Clew.TraceQL.Syntax;

/// <summary><c>with (name = value)</c>.</summary>
public sealed record Hint(string Name, Value Value);
