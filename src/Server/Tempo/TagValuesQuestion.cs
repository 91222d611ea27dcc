using Clew.Model;
using Clew.TraceQL.Syntax;
using Clew.TraceQL.Tags;

namespace Clew.Server.Tempo;

/// <summary>Which values a tag has, as it was asked, over HTTP or gRPC.</summary>
/// <param name="Name">A name of TraceQL, or, where <paramref name="IsPlain"/>, one without a scope.</param>
/// <param name="Text">TraceQL, complete or not; only values of spans that it leaves.</param>
/// <param name="CountMax">0 for the usual.</param>
internal sealed record TagValuesQuestion(string Name, bool IsPlain, string Text, TimeRange Range, int CountMax)
{
    public const int CountDefault = 10_000;

    /// <returns>Null when the name is none, with what is wrong with it.</returns>
    public FieldExpression? TryCompile(out string problem)
    {
        problem = "";
        if (Name.Length == 0)
            problem = "please provide a tag name";
        else if (CountMax < 0)
            problem = "invalid limit: must be a non-negative number";
        else if (IsPlain)
            return TagName.OfPlain(Name);
        else if (!TagName.TryParse(Name, out var field, out var error))
            problem = $"invalid tag name '{Name}': {error}";
        else
            return field;
        return null;
    }
}
