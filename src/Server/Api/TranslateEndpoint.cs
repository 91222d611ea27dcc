using Clew.Server.Queries;
using Clew.TraceQL.Simple;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Api;

/// <summary>A query of either form as canonical TraceQL; or what is wrong with it, and where.</summary>
internal sealed class TranslateEndpoint
{
    public ApiEndpoint[] All => [new("translate", "translate", ["q"], TranslateAsync)];

    async Task TranslateAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        if (parameters.ReadQuery() is not { } query)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, parameters.Error!);
            return;
        }

        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("query", query.ToString());
        answer.Writer.WriteString("form", SimpleQuery.IsTraceQL(parameters.Text("q")) ? "traceql" : "simple");
        answer.Writer.WriteString("answers", query.Spans is null ? "metrics" : "traces");
        answer.Writer.WriteEndObject();
    }
}
