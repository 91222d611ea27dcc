using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Simple;

/// <summary>One condition of the simple form.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Key">Null for a bare word.</param>
/// <param name="IsKeyQuoted">It is the key of an attribute, whatever else it may be called.</param>
/// <param name="IsQuoted">The value is text, whatever it looks like.</param>
internal sealed record SimpleTerm(TextPosition At, string? Key, bool IsKeyQuoted, BinaryOperator Comparison, string Value, bool IsQuoted, TextPosition ValueAt);
