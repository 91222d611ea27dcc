using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>Why a request got no answer: <c>{"error":{"message":"…","parameter":"…"}}</c>.</summary>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Parameter">The parameter at fault; empty when none is.</param>
internal sealed record ApiError(string Message, string Parameter = "")
{
    public static async Task WriteAsync(HttpContext context, int statusCode, ApiError error)
    {
        await using var answer = new JsonAnswer(context, statusCode);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartObject("error");
        answer.Writer.WriteString("message", error.Message);
        if (error.Parameter.Length > 0)
            answer.Writer.WriteString("parameter", error.Parameter);
        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
    }
}
