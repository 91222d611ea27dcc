using Clew.Server.Queries;
using Clew.TraceQL.Syntax;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>Why a request got no answer: <c>{"error":{"message":"…","parameter":"…"}}</c>; of a query also <c>"reason"</c>, <c>"line"</c> and <c>"column"</c>.</summary>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Parameter">The parameter at fault; empty when none is.</param>
internal sealed record ApiError(string Message, string Parameter = "")
{
    /// <summary>Where in a query the problem is, when it is one of its text.</summary>
    public QueryError? Query { get; init; }

    public static ApiError Of(QueryError error) => new(error.ToString(), "q") { Query = error };

    public static async Task WriteAsync(HttpContext context, int statusCode, ApiError error)
    {
        await using var answer = new JsonAnswer(context, statusCode);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartObject("error");
        answer.Writer.WriteString("message", error.Message);
        if (error.Parameter.Length > 0)
            answer.Writer.WriteString("parameter", error.Parameter);
        if (error.Query is { } query)
        {
            answer.Writer.WriteString("reason", query.Message);
            answer.Writer.WriteNumber("line", query.At.Line);
            answer.Writer.WriteNumber("column", query.At.Column);
        }

        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
    }
}
