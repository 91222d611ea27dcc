using System.Diagnostics.CodeAnalysis;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL;

/// <summary>The way in: from a text to a query that may be evaluated.</summary>
public static class TraceQLQuery
{
    /// <summary>Reads a query and checks what it means.</summary>
    /// <param name="error">The first problem; its text is written for whoever wrote the query.</param>
    public static bool TryCompile(string text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryError? error)
    {
        if (!QueryParser.TryParse(text, out query, out error))
            return false;
        error = QueryCheck.Find(query);
        if (error is null)
            return true;
        query = null;
        return false;
    }
}
