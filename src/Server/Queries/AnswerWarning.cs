using Microsoft.AspNetCore.Http;

namespace Clew.Server.Queries;

/// <summary>Says in a header that an answer lacks something, for as long as nothing of it was sent.</summary>
internal static class AnswerWarning
{
    // Clients take some kilobytes of headers.
    const int CountMax = 10;

    public static void Warn(this HttpContext context, string problem)
    {
        if (!context.Response.HasStarted && context.Response.Headers.Warning.Count < CountMax)
            context.Response.Headers.Append("Warning", $"199 - \"{problem}\"");
    }
}
