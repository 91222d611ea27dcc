using Microsoft.AspNetCore.Http;

namespace Clew.Server.Tempo;

/// <summary>Answers that are plain text.</summary>
internal static class TempoAnswer
{
    public static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>Says what is wrong with a request, or why there is no answer.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string problem) => WriteTextAsync(context, status, problem + "\n");

    public static Task RefuseAsync(HttpContext context, string problem) => RefuseAsync(context, StatusCodes.Status400BadRequest, problem);
}
