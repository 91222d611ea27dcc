namespace Clew.TraceQL.Syntax;

/// <summary>A place in a query's text; both count from 1, columns in characters.</summary>
public readonly record struct TextPosition(int Line, int Column);
